import Platform

/// A thread of its own for a device that is waited for with blocking calls.
enum DeviceThread {
    /// Starts a thread that ends with `body`.
    ///
    /// - Throws: ``DeviceError`` when the system has no thread left.
    static func start(_ body: @escaping @Sendable () -> Void) throws(DeviceError) {
        do throws(SystemError) {
            try DetachedThread.start(stackBytes: 256 << 10, body)
        } catch {
            throw DeviceError("the system cannot start a thread for a device: \(error)", systemError: error.code)
        }
    }
}
