// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "animesnap",
    products: [
        .executable(name: "animesnap", targets: ["animesnap"]),
        // For other programs: 8-bit picture networks, and photo to anime picture.
        .library(name: "Engine", targets: ["Engine"]),
        .library(name: "Painting", targets: ["Painting"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.6.0"),
        // Without its default traits it needs no more of Foundation than FoundationEssentials.
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.30.0", traits: []),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.3"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    ],
    targets: [
        // C kernels: one table of function pointers per instruction set.
        .target(name: "CKernels", exclude: ["README.md"]),
        // libjpeg behind functions that report errors instead of leaving the process.
        .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg")]),
        // OpenBLAS, loaded when the first matrix product needs it.
        .target(name: "COpenBLAS"),

        // What everything but the engine stands on: threads, files, the system's errors. Not called System: packages
        // that are used here look for Apple's module of that name.
        .target(name: "Platform"),
        .target(name: "Engine", dependencies: ["CKernels"]),
        .target(name: "Imaging", dependencies: ["CJPEG", "Platform"]),
        .target(
            name: "ModelTools",
            dependencies: [
                "Engine", "Imaging", "Platform", "COpenBLAS",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ]
        ),
        .target(name: "Seeing", dependencies: ["Engine", "Imaging"]),
        .target(name: "Painting", dependencies: ["Engine", "Imaging", "Platform", "Seeing"]),

        // libgpiod 1.6 or 2, whichever is installed, loaded when the first line is taken.
        .target(name: "CGPIO"),
        // Video4Linux without its unions.
        .target(name: "CV4L2"),
        .target(
            name: "Devices",
            dependencies: [
                "CGPIO", "CV4L2", "Imaging", "Platform", .product(name: "Subprocess", package: "swift-subprocess"),
            ]
        ),
        .target(name: "Album", dependencies: ["Imaging", "Platform"]),
        // Whether the kernel believes the machine's date.
        .target(name: "CClock"),
        .target(
            name: "Booth",
            dependencies: [
                "Album", "CClock", "Devices", "Engine", "Imaging", "Painting", "Platform", "Seeing",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ]
        ),
        // The files of the web pages, inside the program.
        .target(name: "CPages"),
        // libqrencode, loaded when the first code is drawn.
        .target(name: "CQRCode"),
        // gzip and CRC-32 of zlib.
        .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
        // Password hashes of libcrypt.
        .target(name: "CCrypt", linkerSettings: [.linkedLibrary("crypt")]),
        .target(
            name: "Web",
            dependencies: [
                "CCrypt", "CPages", "CQRCode", "CZlib", "Imaging", "Platform",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            exclude: ["API", "Pages"]
        ),
        // Booth, pages and what belongs to them, put together from the settings.
        .target(
            name: "Appliance",
            dependencies: [
                "Album", "Booth", "Devices", "Engine", "Imaging", "Painting", "Platform", "Seeing", "Web",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        // The C library's heap, kept small.
        .target(name: "CMalloc"),
        .executableTarget(
            name: "animesnap",
            dependencies: [
                "Album", "Appliance", "Booth", "CMalloc", "Engine", "Imaging", "ModelTools", "Painting", "Platform",
                "Seeing", "Web",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),

        // What several test targets use.
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .testTarget(name: "CKernelsTests", dependencies: ["CKernels", "TestSupport"]),
        .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
        .testTarget(name: "EngineTests", dependencies: ["Engine", "CKernels", "CAllocationCount", "TestSupport"]),
        .testTarget(name: "PlatformTests", dependencies: ["Platform"]),
        .testTarget(name: "ImagingTests", dependencies: ["Imaging", "Platform", "CAllocationCount", "TestSupport"]),
        .testTarget(name: "ModelToolsTests", dependencies: ["ModelTools", "Engine", "Imaging"]),
        .testTarget(name: "SeeingTests", dependencies: ["Seeing", "Engine", "Imaging", "TestSupport"]),
        .testTarget(name: "PaintingTests", dependencies: ["Painting", "Engine", "Imaging", "Seeing"]),
        .testTarget(name: "DevicesTests", dependencies: ["Devices", "Imaging", "Platform"]),
        // Disks that fail, and lose power.
        .target(name: "AlbumTesting", dependencies: ["Album", "TestSupport"], path: "Tests/AlbumTesting"),
        .testTarget(name: "AlbumTests", dependencies: ["Album", "AlbumTesting", "Imaging"]),
        .testTarget(
            name: "BoothTests",
            dependencies: [
                "Booth", "Album", "AlbumTesting", "Devices", "Imaging", "Painting", "Platform", "Engine", "Seeing",
                "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "WebTests",
            dependencies: [
                "Web", "CPages", "Imaging",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "ApplianceTests",
            dependencies: [
                "Appliance", "Album", "Booth", "Devices", "Imaging", "Painting", "Web",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(name: "EndToEndTests", dependencies: ["animesnap", "Engine", "Imaging"]),
    ],
    swiftLanguageModes: [.v6]
)

// Some scripts build a part of it, because time is dear where code is instrumented or emulated.
let parts: [String: Set<String>] = [
    "fuzzing": [
        "CKernels", "CJPEG", "COpenBLAS", "Platform", "Engine", "Imaging", "ModelTools", "TestSupport", "fuzzing",
    ],
    "engine": ["CKernels", "Engine", "CAllocationCount", "TestSupport", "CKernelsTests", "EngineTests"],
    "painting": [
        "CKernels", "CJPEG", "CAllocationCount", "Platform", "Engine", "Imaging", "Seeing", "Painting", "TestSupport",
        "SeeingTests", "CKernelsTests", "EngineTests", "PlatformTests", "ImagingTests", "PaintingTests",
        "EndToEndTests",
    ],
    // What is written in C, and can be tested without the web server.
    "memory": [
        "CKernels", "CJPEG", "CGPIO", "CV4L2", "COpenBLAS", "CAllocationCount", "Platform", "Engine", "Imaging",
        "Devices", "ModelTools", "TestSupport", "CKernelsTests", "EngineTests", "ImagingTests", "DevicesTests",
        "ModelToolsTests",
    ],
    // What has threads of its own.
    "threads": [
        "CKernels", "CJPEG", "CGPIO", "CV4L2", "CClock", "CAllocationCount", "Platform", "Engine", "Imaging",
        "Seeing", "Painting", "Devices", "Album", "AlbumTesting", "Booth", "TestSupport", "CSwiftMutex", "EngineTests",
        "DevicesTests",
        "AlbumTests", "BoothTests",
    ],
]
if let part = Context.environment["ANIMESNAP_PART"].flatMap({ parts[$0] }) {
    package.products = []
    if part.contains("fuzzing") {
        package.targets.append(
            .executableTarget(
                name: "fuzzing", dependencies: ["Engine", "Imaging", "ModelTools", "TestSupport"], path: ".",
                sources: [
                    "Tests/Fuzzing",
                    // The builders of small files that the tests have.
                    "Tests/EngineTests/GraphFile.swift", "Tests/EngineTests/ModelDraft.swift",
                    "Tests/EngineTests/Networks.swift", "Tests/ImagingTests/Fixtures.swift",
                    "Tests/ModelToolsTests/GraphBuilding.swift", "Tests/ModelToolsTests/OnnxBuilding.swift",
                    // Readers that need nothing of their targets, which bring a web server.
                    "Sources/Booth/BoothError.swift", "Sources/Booth/Settings/YAMLText.swift",
                    "Sources/Web/Files/ByteRange.swift", "Sources/Web/Uploads/MultipartReader.swift",
                ]))
    }
    if part.contains("CSwiftMutex") {
        // Without it ThreadSanitizer does not know Swift's locks.
        package.targets.append(.target(name: "CSwiftMutex", path: "Tests/CSwiftMutex"))
        for target in package.targets where target.name == "AlbumTests" { target.dependencies.append("CSwiftMutex") }
    }
    package.targets.removeAll { !part.contains($0.name) }
    // The command that the tests run comes from another build.
    for target in package.targets where target.name == "EndToEndTests" { target.dependencies.removeFirst() }
    let used = package.targets.flatMap(\.dependencies).compactMap { dependency -> String? in
        if case .productItem(_, let package, _, _) = dependency { package } else { nil }
    }
    package.dependencies.removeAll { dependency in
        guard case .sourceControl(_, let address, _) = dependency.kind else { return false }
        return !used.contains { address.hasSuffix("/\($0)") }
    }
}
