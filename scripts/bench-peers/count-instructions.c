// A plugin for qemu-user 7.2: counts the instructions that the emulated program executes, on all its threads.
//
// Prints "instructions N" on standard error whenever the program calls getpriority(), which nothing else here does, so
// that a program can mark where a measured part begins and ends; and "instructions in all N" at its end.
//
//   cc -shared -fPIC -O2 count-instructions.c -o count.so; qemu-aarch64 -plugin ./count.so PROGRAM

#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// What is used of QEMU's plugin interface, version 1. Debian ships no header for it.
typedef uint64_t plugin_id;
typedef struct plugin_block plugin_block;
typedef struct plugin_information plugin_information;
enum { INLINE_ADD_U64 = 0 };

void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, void (*)(plugin_id, plugin_block *));
void qemu_plugin_register_vcpu_tb_exec_inline(plugin_block *, int operation, void *counter, uint64_t amount);
void qemu_plugin_register_vcpu_syscall_cb(
    plugin_id, void (*)(plugin_id, unsigned processor, int64_t number, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
                        uint64_t, uint64_t, uint64_t));
void qemu_plugin_register_atexit_cb(plugin_id, void (*)(plugin_id, void *), void *);
size_t qemu_plugin_tb_n_insns(const plugin_block *);

#define EXPORTED __attribute__((visibility("default")))
EXPORTED int qemu_plugin_version = 1;

enum { GETPRIORITY = 141 };  // its number on 64-bit ARM

static uint64_t executed;

// A block is translated once and from then on runs as a whole.
static void translated(plugin_id id, plugin_block *block) {
    (void)id;
    qemu_plugin_register_vcpu_tb_exec_inline(block, INLINE_ADD_U64, &executed, qemu_plugin_tb_n_insns(block));
}

static void called(plugin_id id, unsigned processor, int64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
                   uint64_t e, uint64_t f, uint64_t g, uint64_t h) {
    (void)id, (void)processor, (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g, (void)h;
    if (number == GETPRIORITY) fprintf(stderr, "instructions %" PRIu64 "\n", executed);
}

static void ended(plugin_id id, void *unused) {
    (void)id, (void)unused;
    fprintf(stderr, "instructions in all %" PRIu64 "\n", executed);
}

EXPORTED int qemu_plugin_install(plugin_id id, const plugin_information *information, int count, char **words) {
    (void)information, (void)count, (void)words;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_vcpu_syscall_cb(id, called);
    qemu_plugin_register_atexit_cb(id, ended, NULL);
    return 0;
}
