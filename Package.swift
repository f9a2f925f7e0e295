// swift-tools-version: 6.3

import PackageDescription

/// One settings array for every target: strict memory safety, and a warning is an error.
let strict: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Views that never outlive their frame: `Decode` makes them, its readers depend on them.
let lifetimes: [SwiftSetting] = strict + [.enableExperimentalFeature("Lifetimes")]

/// Tests hand array spans to the decoders, which strict memory safety would flag line by line.
let testing: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableExperimentalFeature("Lifetimes"),
]

let package = Package(
    name: "waybill",
    products: [
        .executable(name: "waybilld", targets: ["waybilld"]),
        .executable(name: "waybill", targets: ["waybill"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.3.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        .target(name: "CConfine"),
        .target(name: "CLinux"),
        .target(name: "CSocket"),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(name: "Model", swiftSettings: strict),
        .target(name: "Capture", dependencies: ["CPcap", "Model"], swiftSettings: lifetimes),
        .target(name: "Decode", dependencies: ["Model"], swiftSettings: lifetimes),
        .target(
            name: "Correlate",
            dependencies: [
                "Decode", "Model",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ],
            swiftSettings: lifetimes),
        .target(name: "Confine", dependencies: ["CConfine", "CSeccomp"], swiftSettings: strict),
        .target(name: "Host", dependencies: ["CLinux", "Confine", "Model"], swiftSettings: strict),
        .target(name: "Diagnose", dependencies: ["Model"], swiftSettings: strict),
        .target(name: "API", swiftSettings: strict),
        .target(
            name: "Report",
            dependencies: ["API", "Diagnose", "Model", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        .target(name: "Explain", dependencies: ["API"], swiftSettings: strict),
        .target(name: "Terminal", dependencies: ["API", "Explain"], swiftSettings: strict),
        .target(
            name: "Engine",
            dependencies: ["Capture", "Confine", "Correlate", "Decode", "Host", "Model"],
            swiftSettings: lifetimes),
        .target(
            name: "Store",
            dependencies: [
                "CZstd", "Model",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .target(name: "Configure", dependencies: ["Yams"], swiftSettings: strict),
        .target(
            name: "Serve",
            dependencies: [
                "API", "CSocket", "Model", "Report", "Store",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "waybilld",
            dependencies: [
                "API", "Capture", "Configure", "Confine", "Correlate", "Engine", "Host", "Model", "Report", "Serve",
                "Store",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "waybill",
            dependencies: [
                "API", "Capture", "Correlate", "Diagnose", "Engine", "Explain", "Host", "Model", "Report", "Terminal",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: strict),
        .target(
            name: "LifecycleSamples", dependencies: ["Model"], path: "Tests/LifecycleSamples",
            swiftSettings: testing),
        .target(
            name: "RecordSamples", dependencies: ["API"], path: "Tests/RecordSamples", swiftSettings: testing),
        .testTarget(
            name: "ModelTests", dependencies: ["LifecycleSamples", "Model"], swiftSettings: testing),
        .testTarget(name: "CaptureTests", dependencies: ["Capture", "Model"], swiftSettings: testing),
        .testTarget(name: "DecodeTests", dependencies: ["Decode", "Model"], swiftSettings: testing),
        .testTarget(
            name: "CorrelateTests", dependencies: ["Correlate", "Decode", "Model"], swiftSettings: testing),
        .testTarget(
            name: "EngineTests", dependencies: ["API", "Capture", "Correlate", "Engine", "Model", "Report"],
            swiftSettings: testing),
        .testTarget(name: "ConfineTests", dependencies: ["Confine"], swiftSettings: testing),
        .testTarget(name: "HostTests", dependencies: ["CLinux", "Confine", "Host", "Model"], swiftSettings: testing),
        .testTarget(
            name: "DiagnoseTests", dependencies: ["Diagnose", "LifecycleSamples", "Model"],
            swiftSettings: testing),
        .testTarget(name: "APITests", dependencies: ["API", "RecordSamples"], swiftSettings: testing),
        .testTarget(
            name: "ReportTests", dependencies: ["API", "LifecycleSamples", "Model", "Report"],
            swiftSettings: testing),
        .testTarget(name: "ExplainTests", dependencies: ["API", "Explain"], swiftSettings: testing),
        .testTarget(
            name: "TerminalTests", dependencies: ["API", "Explain", "RecordSamples", "Terminal"],
            exclude: ["Snapshots"], swiftSettings: testing),
        .testTarget(
            name: "StoreTests", dependencies: ["Model", "Store", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: testing),
        .testTarget(name: "ConfigureTests", dependencies: ["Configure"], swiftSettings: testing),
        .testTarget(
            name: "ServeTests",
            dependencies: [
                "API", "LifecycleSamples", "Model", "Report", "Serve", "Store",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: testing),
        .testTarget(
            name: "WaybillTests",
            dependencies: [
                "API", "Terminal", "waybill", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: testing),
        .testTarget(
            name: "WaybilldTests",
            dependencies: ["Configure", "Model", "waybilld", .product(name: "Logging", package: "swift-log")],
            swiftSettings: testing),
        // No product is a dependency: they are started as programs, and what they write is read as their users do.
        .testTarget(name: "EndToEndTests", swiftSettings: testing),
    ]
)
