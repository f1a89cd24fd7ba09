import Engine
import Testing

@Test("The checksum is CRC-32, in one piece or in several")
func checksum() {
    var whole = Checksum()
    Array("123456789".utf8).withUnsafeBytes { whole.add($0) }
    #expect(whole.value == 0xCBF4_3926)
    var pieces = Checksum()
    for piece in ["1234567", "", "89"] { Array(piece.utf8).withUnsafeBytes { pieces.add($0) } }
    #expect(pieces.value == 0xCBF4_3926 && pieces.text == "cbf43926")
}
