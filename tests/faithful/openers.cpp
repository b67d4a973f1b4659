// Opens descriptors in ways that each have a function of their own, for the tests that look from outside. Those whose
// names begin with unseen are opened where no hook is.
#include <dirent.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <initializer_list>

namespace {

#define SOAK_NOINLINE __attribute__((noinline, noclone))

const void* volatile kept_stream;
volatile long kept;

SOAK_NOINLINE void by_fopen() { kept_stream = std::fopen("/etc/passwd", "r"); }
SOAK_NOINLINE void by_opendir() { kept_stream = opendir("/"); }
SOAK_NOINLINE void by_tmpfile() { kept_stream = std::tmpfile(); }
SOAK_NOINLINE void by_popen() { kept_stream = popen("true", "r"); }
SOAK_NOINLINE void by_mkstemp() {
  char name[] = "/tmp/soak_openers_XXXXXX";
  kept = mkstemp(name);
  unlink(name);
}
SOAK_NOINLINE void by_posix_openpt() { kept = posix_openpt(O_RDWR); }
SOAK_NOINLINE void by_memfd_create() { kept = memfd_create("soak", 0); }
SOAK_NOINLINE void by_inotify_init() { kept = inotify_init(); }
SOAK_NOINLINE void unseen_by_system_call() { kept = syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY); }
SOAK_NOINLINE void unseen_by_copying() { kept = syscall(SYS_dup, 1); }
SOAK_NOINLINE void unseen_in_libc() { openlog("soak", LOG_NDELAY, LOG_USER); }

}  // namespace

int main() {
  for (auto* const open_one :
       {by_fopen, by_opendir, by_tmpfile, by_popen, by_mkstemp, by_posix_openpt, by_memfd_create, by_inotify_init,
        unseen_by_system_call, unseen_by_copying, unseen_in_libc})
    open_one();
  return 0;
}
