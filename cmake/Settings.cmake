# How soak's own code is compiled. Nothing here reaches the code of a project that adds soak as a subdirectory.

# Links into our targets only: what soak depends on is not ours to scold.
add_library(soak_warnings INTERFACE)
target_compile_options(soak_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wcast-align -Wformat=2 -Wimplicit-fallthrough
  # noclone is g++'s; clang, which clones nothing, need not know it.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-unknown-attributes>
  $<$<BOOL:${SOAK_WERROR}>:-Werror>)

add_library(soak_settings INTERFACE)
target_compile_features(soak_settings INTERFACE cxx_std_20)
target_link_libraries(soak_settings INTERFACE soak_warnings)
if(SOAK_SANITIZE)
  add_compile_options(-fsanitize=${SOAK_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SOAK_SANITIZE})
  # With a sanitizer's checks in between, g++ no longer sees that libstdc++'s std::function is set before it is used.
  target_compile_options(soak_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  if(SOAK_SANITIZE MATCHES "thread")
    # Boost.Asio has fences, which ThreadSanitizer cannot follow and g++ warns of. Our own code has none.
    target_compile_options(soak_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  endif()
endif()

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_CXX_EXTENSIONS OFF)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  find_program(SOAK_CCACHE ccache)
  if(SOAK_CCACHE)
    # Without these allowances ccache takes no file that uses a precompiled header; it compares headers by their content.
    set(ccache ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${SOAK_CCACHE})
    set(CMAKE_C_COMPILER_LAUNCHER ${ccache})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${ccache})
  endif()
endif()

# soak_add_library(NAME files...): a static library of one room, known to others as soak::NAME.
function(soak_add_library name)
  add_library(soak_${name} STATIC ${ARGN})
  add_library(soak::${name} ALIAS soak_${name})
  set_target_properties(soak_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(soak_${name} PRIVATE $<BUILD_INTERFACE:soak_settings>)
  set_target_properties(soak_${name} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(soak_${name} PUBLIC cxx_std_20)
endfunction()
