import Model

/// What the path of a control group says: which unit of systemd, which container (systemd.unit(5), systemd.slice(5)).
///
///     /system.slice/nginx.service                                   unit nginx.service
///     /user.slice/user-1000.slice/user@1000.service/app.slice/x.service   unit x.service
///     /system.slice/docker-0123….scope                              container 0123…, docker
struct ControlGroupName: Equatable {
    private(set) var unit: String?
    private(set) var container: Process.Container?

    init(path: String) {
        for part in path.split(separator: "/").reversed() {
            if container == nil, let found = Self.container(part) { container = found }
            if unit == nil, part.hasSuffix(".service") || part.hasSuffix(".scope") { unit = Self.unescaped(part) }
        }
    }

    /// Prefixes of scopes, and folders, by which runtimes name what they start.
    private static let scopes: [(prefix: String, runtime: String)] = [
        ("docker-", "docker"), ("libpod-", "podman"), ("cri-containerd-", "containerd"), ("crio-", "cri-o"),
        ("machine-", "systemd-nspawn"),
    ]

    private static func container(_ part: Substring) -> Process.Container? {
        if let name = part.dropping(prefix: "lxc.payload.") {
            return Process.Container(identifier: String(name), runtime: "lxc")
        }
        let stem = part.dropping(suffix: ".scope") ?? part
        for (prefix, runtime) in scopes {
            guard let name = stem.dropping(prefix: prefix), !name.isEmpty else { continue }
            if runtime == "systemd-nspawn" {
                return stem.count == part.count
                    ? nil : Process.Container(identifier: unescaped(name), runtime: runtime)
            }
            if isIdentifier(name) { return Process.Container(identifier: String(name), runtime: runtime) }
        }
        return isIdentifier(stem) ? Process.Container(identifier: String(stem), runtime: nil) : nil
    }

    private static func isIdentifier(_ text: Substring) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    /// `\x2d` is a hyphen (systemd-escape(1)).
    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x"), rest.count >= 3,
                let value = UInt8(String(decoding: rest.dropFirst().prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Substring {
    func dropping(prefix: String) -> Substring? { hasPrefix(prefix) ? dropFirst(prefix.count) : nil }
    func dropping(suffix: String) -> Substring? { hasSuffix(suffix) ? dropLast(suffix.count) : nil }
}
