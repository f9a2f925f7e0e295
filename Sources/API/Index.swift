/// What `/v1` tells: where everything is.
package struct Index: Sendable, Equatable, Decodable {
    package var version: String
    /// Paths, with the names of what varies in braces.
    package var paths: [String]

    package init(version: String, paths: [String] = Routes.all) {
        self.version = version
        self.paths = paths
    }
}

extension Index: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("version", version)
        writer.key("paths")
        writer.beginArray()
        for path in paths { writer.string(path) }
        writer.endArray()
        writer.endObject()
    }
}
