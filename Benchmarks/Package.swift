// swift-tools-version: 6.3

import PackageDescription

let features: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableExperimentalFeature("Lifetimes"),
]

/// `Product` is a link to the sources: only within one package are the doors (`package`) open to the benchmarks.
func product(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Product/\(name)", swiftSettings: features)
}

let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        // It counts allocations with jemalloc alone; here CountedMemory does.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        product("Model"),
        product("Decode", ["Model"]),
        product(
            "Correlate",
            [
                "Decode", "Model",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ]),
        product("Diagnose", ["Model"]),
        product("API"),
        product("Report", ["API", "Diagnose", "Model", .product(name: "Crypto", package: "swift-crypto")]),
        .target(name: "CountedMemory", path: "CountedMemory"),
        .executableTarget(
            name: "Packets",
            dependencies: [
                "API", "Correlate", "CountedMemory", "Decode", "Model", "Report",
                .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Benchmarks/Packets",
            swiftSettings: features,
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    ]
)
