/* A program in C with a loop that says where it is: loop_program clean|leak|ignored N. */
#include <soak/soak.h>
#include <stdlib.h>
#include <string.h>

static char* made(void) {
  char* text = malloc(48);
  if (text != NULL) memset(text, 'x', 48);
  return text;
}

int main(int argc, char** argv) {
  const int leaks = argc > 1 && strcmp(argv[1], "leak") == 0;
  const int ignored = argc > 1 && strcmp(argv[1], "ignored") == 0;
  const long count = argc > 2 ? atol(argv[2]) : 1000;
  static char* last;
  for (long i = 0; i < count; ++i) {
    soak_iteration();
    if (ignored) {
      soak_ignore_begin();
      last = made();
      soak_ignore_end();
    } else {
      char* text = made();
      if (leaks)
        last = text;
      else
        free(text);
    }
    if (i == count / 2) soak_checkpoint("half way");
  }
  return last == NULL ? 0 : last[0] != 'x';
}
