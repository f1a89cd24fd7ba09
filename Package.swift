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
        .executableTarget(
            name: "animesnap",
            dependencies: [
                "Engine", "Imaging", "ModelTools", "Painting",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),

        .testTarget(name: "CKernelsTests", dependencies: ["CKernels"]),
        .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
        .testTarget(name: "EngineTests", dependencies: ["Engine", "CKernels", "CAllocationCount"]),
        .testTarget(name: "ImagingTests", dependencies: ["Imaging"]),
        .testTarget(name: "ModelToolsTests", dependencies: ["ModelTools", "Engine", "Imaging"]),
        .testTarget(name: "PaintingTests", dependencies: ["Painting", "Engine", "Imaging"]),
        .testTarget(name: "EndToEndTests", dependencies: ["animesnap", "Engine", "Imaging"]),
    ],
    swiftLanguageModes: [.v6]
)
