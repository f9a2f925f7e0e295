/// The version of both programs and of what they say to each other.
package enum ProductVersion {
    package static let text = "0.1.0"
}
