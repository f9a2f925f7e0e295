// swift-tools-version: 6.3

import PackageDescription

let features: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableExperimentalFeature("Lifetimes"),
]

/// Every target of the product is compiled here once more, with coverage counters for libFuzzer and under the address
/// sanitizer; build it for release, optimised and with every check of arithmetic and bounds left in. `Product` is a link
/// to the sources: only within one package are the doors (`package`) open to the harness.
let instrumented: [SwiftSetting] = [.unsafeFlags(["-sanitize=fuzzer,address", "-g"])] + features

/// The harness itself is no part of what is to be covered.
let harness: [SwiftSetting] = [.unsafeFlags(["-sanitize=address", "-g"])] + features

func product(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Product/\(name)", swiftSettings: instrumented)
}

let package = Package(
    name: "fuzz",
    dependencies: [
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CPcap", path: "Product/CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        .systemLibrary(
            name: "CSeccomp", path: "Product/CSeccomp", pkgConfig: "libseccomp",
            providers: [.apt(["libseccomp-dev"])]),
        .target(name: "CConfine", path: "Product/CConfine"),
        .target(name: "CLinux", path: "Product/CLinux"),
        product("Model"),
        product("Capture", ["CPcap", "Model"]),
        product("Decode", ["Model"]),
        product(
            "Correlate",
            [
                "Decode", "Model",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ]),
        product("Confine", ["CConfine", "CSeccomp"]),
        // Its readers are no doors; the harness looks behind them.
        .target(
            name: "Host", dependencies: ["CLinux", "Confine", "Model"], path: "Product/Host",
            swiftSettings: instrumented + [.unsafeFlags(["-enable-testing"])]),
        product("Diagnose", ["Model"]),
        product("API"),
        product("Report", ["API", "Diagnose", "Model", .product(name: "Crypto", package: "swift-crypto")]),
        product("Explain", ["API"]),
        product("Terminal", ["API", "Explain"]),
        .target(name: "CFuzzer"),
        .target(
            name: "Harness",
            dependencies: [
                "API", "CFuzzer", "Capture", "Correlate", "Decode", "Host", "Model", "Report", "Terminal",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: harness),
        // C, since SwiftPM renames the entry point of a Swift executable, and libFuzzer brings its own.
        .executableTarget(
            name: "fuzz", dependencies: ["Harness"], linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]),
    ]
)
