import Glibc

/// What stands in a folder (readdir(3)), one name after the other, in the order in which the kernel gives it.
@safe final class FolderNames: Sequence, IteratorProtocol {
    private let stream: OpaquePointer

    /// `nil` when it is not there or may not be read.
    init?(_ path: String) {
        guard let stream = unsafe opendir(path) else { return nil }
        unsafe self.stream = stream
    }

    deinit { unsafe closedir(stream) }

    func next() -> String? {
        guard let entry = unsafe readdir(stream) else { return nil }
        let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
        return String(decoding: name, as: UTF8.self)
    }
}
