import Glibc

/// The size of the second-level cache in bytes; where the system does not tell, as on most ARM boards, that of a
/// Raspberry Pi Zero 2 W.
func secondLevelCacheBytes() -> Int {
    let told = sysconf(Int32(_SC_LEVEL2_CACHE_SIZE))
    return told > 0 ? told : 512 << 10
}
