import Imaging
import Painting

/// Small pictures that show what each style does. One is painted when it is first asked for, and again when another
/// model paints its style.
actor StyleSamples {
    private struct Sample {
        /// Of the model that painted it.
        let checksum: String
        /// Done or under way: who asks meanwhile waits for the same.
        let picture: Task<[UInt8]?, Never>
    }

    private let painter: any StylePainter
    private let photo: PictureInput
    private var samples: [String: Sample] = [:]

    init(_ painter: any StylePainter, of photo: PictureInput) {
        self.painter = painter
        self.photo = photo
    }

    /// The JPEG file of a style's sample; nil when there is no such style, or it cannot be painted.
    func sample(of style: String) async -> [UInt8]? {
        guard let checksum = painter.checksum(ofStyle: style) else {
            samples[style] = nil
            return nil
        }
        if let sample = samples[style], sample.checksum == checksum { return await sample.picture.value }
        forgetUnknown()
        let picture = Task { [painter, photo] in try? await painter.paintSample(photo, style: style, drawn: nil) }
        samples[style] = Sample(checksum: checksum, picture: picture)
        let made = await picture.value
        // Who asks next tries again.
        if made == nil, samples[style]?.picture == picture { samples[style] = nil }
        return made
    }

    /// The JPEG file of a drawn style's sample with numbers that somebody tries; it is not kept.
    func trial(of style: String, _ drawn: DrawnStyle) async throws -> [UInt8] {
        try await painter.paintSample(photo, style: style, drawn: drawn)
    }

    /// Models that people bring also go.
    private func forgetUnknown() {
        let known = Set(painter.descriptions.map(\.name))
        samples = samples.filter { known.contains($0.key) }
    }
}
