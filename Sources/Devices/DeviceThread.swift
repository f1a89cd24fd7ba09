import Glibc

/// A thread of its own for a device that is waited for with blocking calls, which must not hold up Swift's pool.
enum DeviceThread {
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Starts a thread that ends with `body`.
    ///
    /// - Throws: ``DeviceError`` when the system has no thread left.
    static func start(_ body: @escaping @Sendable () -> Void) throws(DeviceError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, 256 << 10)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(body))
        let status = pthread_create(
            &thread, &attributes,
            { work in
                guard let work else { return nil }
                Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        guard status == 0 else {
            work.release()
            throw DeviceError(
                "the system cannot start a thread for a device: \(DeviceError.words(for: status))", systemError: status)
        }
    }
}
