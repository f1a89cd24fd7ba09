import Devices
import Synchronization

final class StubbornLine: OutputLine {
    let works = Atomic(false)

    func set(_ isOn: Bool) throws(DeviceError) {
        if !works.load(ordering: .relaxed) { throw DeviceError("the lamp does not answer") }
    }

    func close() {}
}
