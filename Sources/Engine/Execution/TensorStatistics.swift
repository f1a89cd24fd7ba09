import CKernels
import Glibc

/// What is known of a whole tensor once all its rows were made: per channel the sum of its values and of their squares,
/// or how often each value occurs. All are integers, so that neither strips nor threads nor instruction sets change them.
///
/// `@unchecked Sendable`: threads add under the mutex; between phases, when nobody adds, the leader reads.
final class TensorStatistics: @unchecked Sendable {
    struct Kinds: OptionSet {
        let rawValue: Int

        static let moments = Kinds(rawValue: 1)
        static let counts = Kinds(rawValue: 2)
    }

    /// What a layer must know of a tensor before it can begin.
    struct Need {
        let tensor: Int
        let kinds: Kinds
    }

    private let kinds: Kinds
    private let channels: Int
    private let pixels: Double
    /// Sums and squares of each channel, or 256 counts of each.
    private let sums: UnsafeMutableBufferPointer<Int64>
    private let counts: UnsafeMutableBufferPointer<UInt32>
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init(kinds: Kinds, channels: Int, size: Graph.Extent) {
        self.kinds = kinds
        self.channels = channels
        pixels = Double(size.height * size.width)
        sums = .allocate(capacity: kinds.contains(.moments) ? 2 * channels : 0)
        counts = .allocate(capacity: kinds.contains(.counts) ? 256 * channels : 0)
        pthread_mutex_init(mutex, nil)
        reset()
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
        sums.deallocate()
        counts.deallocate()
    }

    func reset() {
        sums.update(repeating: 0)
        counts.update(repeating: 0)
    }

    /// Adds pixels `columns` of `row`, at most 65536.
    func add(_ row: UnsafePointer<UInt8>, columns: Range<Int>, kernels: ck_kernels) {
        let first = Int32(columns.lowerBound)
        let end = Int32(columns.upperBound)
        if kinds.contains(.counts) {
            pthread_mutex_lock(mutex)
            ck_count(counts.baseAddress, Int32(channels), row, first, end)
            pthread_mutex_unlock(mutex)
        }
        if kinds.contains(.moments) {
            let entries = roundUp(channels, to: 16)
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * entries) { part in
                guard let values = part.baseAddress else { return }
                kernels.moments(row, Int32(channels), first, end, values, values + entries)
                pthread_mutex_lock(mutex)
                for channel in 0..<channels {
                    sums[2 * channel] += Int64(part[channel])
                    sums[2 * channel + 1] += Int64(part[entries + channel])
                }
                pthread_mutex_unlock(mutex)
            }
        }
    }

    /// The mean of a channel's values.
    func mean(_ channel: Int) -> Double { Double(sums[2 * channel]) / pixels }

    /// The mean of their squares, less the square of their mean.
    func variance(_ channel: Int) -> Double {
        let mean = mean(channel)
        return max(0, Double(sums[2 * channel + 1]) / pixels - mean * mean)
    }

    /// The sum over all pixels of `powers` at each channel's stored bytes.
    func sum(_ channel: Int, of powers: UnsafePointer<Float>) -> Double {
        var sum = 0.0
        for byte in 0..<256 { sum += Double(counts[256 * channel + byte]) * Double(powers[byte]) }
        return sum
    }
}
