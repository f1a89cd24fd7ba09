// Which tables this binary holds and which of them this processor can run.
#include "tables.h"

#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#ifndef HWCAP_ASIMDDP
#define HWCAP_ASIMDDP (1 << 20)
#endif
static bool has_dot_product(void) { return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0; }
#endif

#if defined(__x86_64__)
#include <cpuid.h>

static uint64_t extended_control(void) {
    uint32_t low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return ((uint64_t)high << 32) | low;
}

// Feature bits alone are not enough: the system must also save the wide registers (XCR0).
static bool has_wide_registers(uint64_t mask) {
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & (1u << 27))) return false;
    return (extended_control() & mask) == mask;
}

static bool has_leaf7(uint32_t sub, uint32_t ebx, uint32_t ecx, uint32_t eax) {
    uint32_t a, b, c, d;
    if (!__get_cpuid_count(7, sub, &a, &b, &c, &d)) return false;
    return (a & eax) == eax && (b & ebx) == ebx && (c & ecx) == ecx;
}

static bool has_avx2(void) { return has_wide_registers(0x6) && has_leaf7(0, 1u << 5, 0, 0); }
static bool has_avxvnni(void) { return has_avx2() && has_leaf7(1, 0, 0, 1u << 4); }
static bool has_avx512vnni(void) {
    const uint32_t f = 1u << 16, dq = 1u << 17, bw = 1u << 30, vl = 1u << 31;
    return has_wide_registers(0xe6) && has_avx2() && has_leaf7(0, f | dq | bw | vl, 1u << 11, 0);
}
#endif

static bool always(void) { return true; }

static const struct {
    const ck_kernels *table;
    bool (*supported)(void);
} tables[] = {
    {&ck_reference, always},
#if defined(__aarch64__)
    {&ck_neon, always},
    {&ck_neondot, has_dot_product},
#elif defined(__x86_64__)
    {&ck_avx2, has_avx2},
    {&ck_avxvnni, has_avxvnni},
    {&ck_avx512vnni, has_avx512vnni},
#endif
};

size_t ck_table_count(void) { return sizeof tables / sizeof tables[0]; }

const ck_kernels *ck_table(size_t index) { return index < ck_table_count() ? tables[index].table : NULL; }

bool ck_table_supported(size_t index) { return index < ck_table_count() && tables[index].supported(); }

#define CK_NAME(kernel, parameters) #kernel,
static const char *const names[] = {CK_KERNELS(CK_NAME)};

size_t ck_kernel_count(void) { return sizeof names / sizeof names[0]; }

const char *ck_kernel_name(size_t kernel) { return kernel < ck_kernel_count() ? names[kernel] : NULL; }

bool ck_table_owns(size_t table, size_t kernel) {
    const ck_kernels *const t = ck_table(table);
    if (!t || kernel >= ck_kernel_count()) return false;
    if (table == 0) return true;
#define CK_OWNS(kernel, parameters) t->kernel != ck_signed_##kernel && t->kernel != ck_unsigned_##kernel,
    const bool owned[] = {CK_KERNELS(CK_OWNS)};
    return owned[kernel];
}
