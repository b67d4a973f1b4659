// Ends in the way it is told to, while a global cache is full: what frees it runs later.
//   ends HOW BLOCKS     HOW: return exit quick_exit _exit _Exit pthread_exit errx abort kill thread_exit exec NAME
#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <memory>
#include <string_view>
#include <thread>
#include <vector>

namespace {

std::vector<std::unique_ptr<char[]>> cache;

/// 24 bytes are what glibc holds for them.
void fill(int blocks) {
  cache.reserve(1000);
  for (int i = 0; i < blocks; ++i) cache.push_back(std::make_unique<char[]>(24));
}

struct FreesTheCache {
  ~FreesTheCache() { cache.clear(); }
} frees_the_cache;

void become(char** arguments, const char* how) {
  char* const next[] = {arguments[0], const_cast<char*>(how), arguments[2], nullptr};
  execv(arguments[0], next);
}

}  // namespace

int main(int, char** arguments) {
  const std::string_view how = arguments[1];
  atexit([] { cache.clear(); });
  at_quick_exit([] { cache.clear(); });
  fill(atoi(arguments[2]));
  open("/dev/null", O_RDONLY);
  if (how == "exit") exit(3);
  if (how == "quick_exit") quick_exit(3);
  if (how == "_exit") _exit(3);
  if (how == "_Exit") _Exit(3);
  if (how == "errx") errx(3, "told to");
  if (how == "abort") abort();
  if (how == "kill") raise(SIGKILL);
  if (how == "pthread_exit") pthread_exit(nullptr);
  if (how == "thread_exit") std::thread([] { exit(3); }).join();
  if (how == "exec") become(arguments, "return");
  return 3;
}
