/// Numbers of the extensions that are read (IANA "TLS ExtensionType Values").
enum TLSExtension {
    static let serverName: UInt16 = 0
    static let statusRequest: UInt16 = 5
    static let supportedGroups: UInt16 = 10
    static let pointFormats: UInt16 = 11
    static let signatureAlgorithms: UInt16 = 13
    static let alpn: UInt16 = 16
    static let sessionTicket: UInt16 = 35
    static let preSharedKey: UInt16 = 41
    static let earlyData: UInt16 = 42
    static let supportedVersions: UInt16 = 43
    static let pskModes: UInt16 = 45
    static let keyShare: UInt16 = 51
    static let encryptedClientHello: UInt16 = 0xFE0D

    /// Names kept of a list.
    static let listCapacity = 32
}

/// Numbers and names that are sent to be ignored, so that servers learn to (GREASE, RFC 8701 §2).
public enum TLSReserved {
    /// 0x0A0A, 0x1A1A, … 0xFAFA.
    public static func contains(_ number: UInt16) -> Bool {
        number & 0x0F0F == 0x0A0A && number >> 8 == number & 0xFF
    }
}
