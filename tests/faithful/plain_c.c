/* A C program stays one: the probe brings no C++ library along. Its counts are read from the region afterwards. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void* kept[1000];

static int has_cplusplus(void) {
  char line[512];
  int found = 0;
  FILE* maps = fopen("/proc/self/maps", "r");
  while (maps != NULL && fgets(line, sizeof(line), maps) != NULL) found |= strstr(line, "libstdc++") != NULL;
  if (maps != NULL) fclose(maps);
  return found;
}

int main(int argc, char** argv) {
  const int blocks = argc > 1 ? atoi(argv[1]) : 0;
  int status = has_cplusplus();
  for (int i = 0; i < blocks && i < 1000; ++i) memset(kept[i] = malloc(24), 1, 24);
  return status;
}
