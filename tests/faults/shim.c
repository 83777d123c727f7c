/* Stands between a program and the disk: counts the calls that change files below a folder, over all
 * its threads and processes, and lets one of them fail. Loaded by LD_PRELOAD.
 *
 * The environment names the folder (FAULTS_BELOW), a part of the paths that count (FAULTS_ONLY, or
 * all), a part of those that don't (FAULTS_BUT, or none), and a file of 64 bytes (FAULTS_CONTROL) that holds, as whole numbers of 8 bytes: the calls
 * so far, at which call something happens (0: never), what, and the error's number.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { KILL_GROUP = 1, FAIL_ONCE = 2, FAIL_FROM_NOW = 3, CUT_POWER = 4, CUT_POWER_OF_GROUP = 5 };
/* EXT4_IOC_SHUTDOWN, without writing the journal back. */
#define SHUTDOWN 0x8004587dUL
#define WITHOUT_JOURNAL 2U

static volatile long *control;
static const char *below, *only, *but;
static size_t below_length;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("FAULTS_CONTROL");
    below = getenv("FAULTS_BELOW");
    only = getenv("FAULTS_ONLY");
    but = getenv("FAULTS_BUT");
    if (!path || !below) return;
    below_length = strlen(below);
    int (*open_)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
    int file = open_(path, O_RDWR | O_CLOEXEC);
    if (file < 0) return;
    void *page = mmap(NULL, 64, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (page != MAP_FAILED) control = page;
    close(file);
}

static void cut_power(void) {
    int (*open_)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
    unsigned how = WITHOUT_JOURNAL;
    int folder = open_(below, O_RDONLY | O_CLOEXEC);
    ioctl(folder, SHUTDOWN, &how);
    close(folder);
}

/* Count a call on a path; whether it must fail. */
static int fails(const char *path) {
    if (!control || strncmp(path, below, below_length)) return 0;
    if (path[below_length] != '/' && path[below_length]) return 0;
    if (only && *only && !strstr(path + below_length, only)) return 0;
    if (but && *but && strstr(path + below_length, but)) return 0;
    int before = errno;
    long number = __sync_add_and_fetch(&control[0], 1), at = control[1], what = control[2];
    errno = before;
    if (!at || number < at) return 0;
    if (what == FAIL_FROM_NOW || (what == FAIL_ONCE && number == at)) {
        errno = (int)control[3];
        return 1;
    }
    if (what == CUT_POWER_OF_GROUP && number == at) cut_power();
    if (what == KILL_GROUP || what == CUT_POWER_OF_GROUP) {
        kill(0, SIGKILL);
        for (;;) pause();
    }
    if (what == CUT_POWER && number == at) cut_power();
    errno = before;
    return 0;
}

static int fails_at(int folder, const char *path) {
    char link[64], whole[2 * PATH_MAX];
    if (!control) return 0;
    if (*path == '/') return fails(path);
    if (folder == AT_FDCWD) snprintf(link, sizeof link, "/proc/self/cwd");
    else snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, whole, PATH_MAX);
    if (length <= 0) return 0;
    snprintf(whole + length, PATH_MAX, "/%s", path);
    return fails(whole);
}

static int fails_on(int file) {
    char link[64], whole[PATH_MAX + 1];
    if (!control) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, whole, PATH_MAX);
    if (length <= 0) return 0;
    whole[length] = 0;
    return fails(whole);
}

static int changes(int flags) {
    return (flags & (O_CREAT | O_TRUNC)) || (flags & O_ACCMODE) != O_RDONLY;
}

#define NEXT(result, name, ...) \
    static result (*next)(__VA_ARGS__); \
    if (!next) next = dlsym(RTLD_NEXT, name)

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list more; \
        va_start(more, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more); \
        NEXT(int, #name, const char *, int, ...); \
        return changes(flags) && fails_at(AT_FDCWD, path) ? -1 : next(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
    int name(int folder, const char *path, int flags, ...) { \
        va_list more; \
        va_start(more, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more); \
        NEXT(int, #name, int, const char *, int, ...); \
        return changes(flags) && fails_at(folder, path) ? -1 : next(folder, path, flags, mode); \
    }
OPENAT(openat)
OPENAT(openat64)

/* Calls on an open file, on a path, and on a path in an open folder. */
#define ON_FILE(result, name, parameters, arguments, ...) \
    result name parameters { \
        NEXT(result, #name, __VA_ARGS__); \
        return fails_on(file) ? -1 : next arguments; \
    }
#define ON_PATH(name, parameters, arguments, ...) \
    int name parameters { \
        NEXT(int, #name, __VA_ARGS__); \
        return fails_at(AT_FDCWD, path) ? -1 : next arguments; \
    }
#define IN_FOLDER(name, parameters, arguments, ...) \
    int name parameters { \
        NEXT(int, #name, __VA_ARGS__); \
        return fails_at(folder, path) ? -1 : next arguments; \
    }

ON_FILE(ssize_t, write, (int file, const void *from, size_t size), (file, from, size),
        int, const void *, size_t)
ON_FILE(ssize_t, writev, (int file, const struct iovec *from, int count), (file, from, count),
        int, const struct iovec *, int)
ON_FILE(ssize_t, pwrite, (int file, const void *from, size_t size, off_t at),
        (file, from, size, at), int, const void *, size_t, off_t)
ON_FILE(ssize_t, pwrite64, (int file, const void *from, size_t size, off64_t at),
        (file, from, size, at), int, const void *, size_t, off64_t)
ON_FILE(ssize_t, sendfile, (int file, int from, off_t *at, size_t size), (file, from, at, size),
        int, int, off_t *, size_t)
ON_FILE(int, fsync, (int file), (file), int)
ON_FILE(int, fdatasync, (int file), (file), int)
ON_FILE(int, ftruncate, (int file, off_t size), (file, size), int, off_t)
ON_FILE(int, ftruncate64, (int file, off64_t size), (file, size), int, off64_t)
ON_PATH(mkdir, (const char *path, mode_t mode), (path, mode), const char *, mode_t)
ON_PATH(rmdir, (const char *path), (path), const char *)
ON_PATH(unlink, (const char *path), (path), const char *)
ON_PATH(rename, (const char *from, const char *path), (from, path), const char *, const char *)
ON_PATH(link, (const char *from, const char *path), (from, path), const char *, const char *)
ON_PATH(symlink, (const char *to, const char *path), (to, path), const char *, const char *)
IN_FOLDER(mkdirat, (int folder, const char *path, mode_t mode), (folder, path, mode),
          int, const char *, mode_t)
IN_FOLDER(unlinkat, (int folder, const char *path, int flags), (folder, path, flags),
          int, const char *, int)
IN_FOLDER(symlinkat, (const char *to, int folder, const char *path), (to, folder, path),
          const char *, int, const char *)
IN_FOLDER(renameat, (int other, const char *from, int folder, const char *path),
          (other, from, folder, path), int, const char *, int, const char *)
IN_FOLDER(linkat, (int other, const char *from, int folder, const char *path, int flags),
          (other, from, folder, path, flags), int, const char *, int, const char *, int)
