# The rooms of harness/ and the walls between them. harness/rooms.txt says which room is built on which.
#
# A room's include root is a folder in the build tree that holds one link, named like the room, to the room: with
# that root on its path a file includes "record/record.hpp", and nothing of any other room. A target gets the roots of
# its own room and of those below it.

# Reads harness/rooms.txt: SOAK_ROOMS, lowest first; SOAK_ROOM_<room>_BUILT_ON as written; SOAK_ROOM_<room>_SEES, the
# room itself and all below it.
function(soak_read_rooms)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/harness/rooms.txt)
  file(STRINGS ${PROJECT_SOURCE_DIR}/harness/rooms.txt lines REGEX "^[a-z]")
  foreach(line IN LISTS lines)
    string(REGEX MATCH "^([a-z/]+):(.*)$" matched "${line}")
    set(room ${CMAKE_MATCH_1})
    string(STRIP "${CMAKE_MATCH_2}" built_on)
    string(REPLACE " " ";" built_on "${built_on}")
    set(sees ${room})
    foreach(lower IN LISTS built_on)
      if(NOT lower IN_LIST rooms)
        message(FATAL_ERROR "harness/rooms.txt: ${room} is built on ${lower}, which no line above it names")
      endif()
      list(APPEND sees ${SOAK_ROOM_${lower}_SEES})
    endforeach()
    list(REMOVE_DUPLICATES sees)
    list(APPEND rooms ${room})
    set(SOAK_ROOM_${room}_SEES ${sees})
    set(SOAK_ROOM_${room}_SEES ${sees} PARENT_SCOPE)
    set(SOAK_ROOM_${room}_BUILT_ON ${built_on} PARENT_SCOPE)
  endforeach()
  set(SOAK_ROOMS ${rooms} PARENT_SCOPE)
endfunction()

# The include root of a room, which is made if it is not there.
function(soak_room_root room result)
  if(room STREQUAL "include")  # The public headers: their root is a folder of the source tree.
    set(${result} ${PROJECT_SOURCE_DIR}/harness/include PARENT_SCOPE)
    return()
  endif()
  string(REPLACE "/" "-" folder ${room})
  set(root ${PROJECT_BINARY_DIR}/rooms/${folder})
  get_filename_component(parent ${root}/${room} DIRECTORY)
  file(MAKE_DIRECTORY ${parent})
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/harness/${room} ${root}/${room} SYMBOLIC)
  set(${result} ${root} PARENT_SCOPE)
endfunction()

# soak_enter_room(TARGET SCOPE ROOM): the target's files see the room and those below it. Debug information and
# __FILE__ name the files of the source tree, not the links.
function(soak_enter_room target scope room)
  foreach(seen IN LISTS SOAK_ROOM_${room}_SEES)
    soak_room_root(${seen} root)
    target_include_directories(${target} ${scope} $<BUILD_INTERFACE:${root}>)
    if(NOT seen STREQUAL "include")
      target_compile_options(${target} ${scope}
        $<BUILD_INTERFACE:-ffile-prefix-map=${root}/${seen}=${PROJECT_SOURCE_DIR}/harness/${seen}>)
    endif()
  endforeach()
endfunction()

# soak_add_room(ROOM files... [LIBRARIES libraries...]): the static library of a room, known to others as soak::ROOM, on
# top of the rooms that it is built on. The libraries are the room's own: no header of it shows them.
function(soak_add_room room)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBRARIES")
  soak_add_library(${room} ${arg_UNPARSED_ARGUMENTS})
  soak_enter_room(soak_${room} PUBLIC ${room})
  foreach(lower IN LISTS SOAK_ROOM_${room}_BUILT_ON)
    if(TARGET soak_${lower})
      target_link_libraries(soak_${room} PUBLIC soak::${lower})
    endif()
  endforeach()
  target_link_libraries(soak_${room} PRIVATE ${arg_LIBRARIES})
  soak_limit_debug_info(soak_${room})
  target_precompile_headers(soak_${room} REUSE_FROM soak_precompiled)
endfunction()

# What is not soaked itself needs no more debug information than a stack trace shows.
function(soak_limit_debug_info target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-g1>)
endfunction()

# What most rooms include and what takes longest to read, compiled once. It is not a hole in a wall: a file still includes what
# it uses, and a room's library still says what it links.
function(soak_precompile_headers)
  file(WRITE ${PROJECT_BINARY_DIR}/precompiled.cpp "// Only its headers matter.\n")
  add_library(soak_precompiled OBJECT ${PROJECT_BINARY_DIR}/precompiled.cpp)
  set_target_properties(soak_precompiled PROPERTIES POSITION_INDEPENDENT_CODE ON)
  soak_limit_debug_info(soak_precompiled)
  target_link_libraries(soak_precompiled PRIVATE soak_settings fmt::fmt nlohmann_json::nlohmann_json)
  target_precompile_headers(soak_precompiled PRIVATE
    <algorithm> <chrono> <cmath> <cstdint> <filesystem> <functional> <map> <memory> <optional> <set> <string>
    <string_view> <utility> <vector> <fmt/format.h> <nlohmann/json.hpp>)
endfunction()
