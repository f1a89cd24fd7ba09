// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "animesnap",
    products: [
        .executable(name: "animesnap", targets: ["animesnap"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.6.0"),
        // Without its default traits it needs no more of Foundation than FoundationEssentials.
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.30.0", traits: []),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.3"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
    ],
    targets: [
        // C kernels: one table of function pointers per instruction set.
        .target(name: "CKernels"),
        // libjpeg behind functions that report errors instead of leaving the process.
        .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg")]),
        // OpenBLAS, loaded when the first matrix product needs it.
        .target(name: "COpenBLAS"),

        .target(name: "Engine", dependencies: ["CKernels"]),
        .target(name: "Imaging", dependencies: ["CJPEG"]),
        .target(
            name: "ModelTools",
            dependencies: [
                "Engine", "Imaging", "COpenBLAS",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ]
        ),
        .target(name: "Painting", dependencies: ["Engine", "Imaging"]),

        // libgpiod 1.6 or 2, whichever is installed, loaded when the first line is taken.
        .target(name: "CGPIO"),
        // Video4Linux without its unions.
        .target(name: "CV4L2"),
        .target(
            name: "Devices",
            dependencies: [
                "CGPIO", "CV4L2", "Imaging", .product(name: "Subprocess", package: "swift-subprocess"),
            ]
        ),
        .target(name: "Album", dependencies: ["Imaging"]),
        // Whether the kernel believes the machine's date.
        .target(name: "CClock"),
        .target(
            name: "Booth",
            dependencies: [
                "Album", "CClock", "Devices", "Engine", "Imaging", "Painting",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ]
        ),
        .executableTarget(
            name: "animesnap",
            dependencies: [
                "Album", "Booth", "Devices", "Engine", "Imaging", "ModelTools", "Painting",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),

        .testTarget(name: "CKernelsTests", dependencies: ["CKernels"]),
        .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
        .testTarget(name: "EngineTests", dependencies: ["Engine", "CKernels", "CAllocationCount"]),
        .testTarget(name: "ImagingTests", dependencies: ["Imaging"]),
        .testTarget(name: "ModelToolsTests", dependencies: ["ModelTools", "Engine", "Imaging"]),
        .testTarget(name: "PaintingTests", dependencies: ["Painting", "Engine", "Imaging"]),
        .testTarget(name: "DevicesTests", dependencies: ["Devices", "Imaging"]),
        .testTarget(name: "AlbumTests", dependencies: ["Album", "Imaging"]),
        .testTarget(
            name: "BoothTests",
            dependencies: [
                "Booth", "Album", "Devices", "Imaging", "Painting", "Engine",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(name: "EndToEndTests", dependencies: ["animesnap", "Engine", "Imaging"]),
    ],
    swiftLanguageModes: [.v6]
)
