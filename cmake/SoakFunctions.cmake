# For projects that use soak, installed or as a subdirectory.
#
#   soak_add_scenarios(my_scenarios request_cache.cpp)       # an executable with scenarios
#   soak_add_test(my_scenarios CONFIG benchmarks.toml)       # each of them a test of CTest
#   soak_add_test(import COMMAND $<TARGET_FILE:import> --count {iterations} ITERATIONS 100,400,1600)
include_guard(GLOBAL)

set(SOAK_DISCOVER_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/SoakDiscoverTests.cmake)

# soak_add_scenarios(TARGET files...): an executable of scenarios, with soak's own main.
function(soak_add_scenarios target)
  add_executable(${target} ${ARGN})
  target_link_libraries(${target} PRIVATE soak::fixture soak::main)
endfunction()

# soak_add_test(NAME [CONFIG FILE] [TIMEOUT SECONDS] [RESULTS FOLDER] [LABELS labels...] [OPTIONS options of soak run...]
#               [COMMAND command... [ITERATIONS N,N,...] [FOR TIME]])
#
# NAME is a target with scenarios: each becomes the test NAME.SCENARIO, found when ctest runs. With COMMAND it is any
# program, and one test. Tests have the label `soak`, share the resource `soak` so that no two run at a time, and print
# their figures as measurements for CTest's dashboard.
function(soak_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "CONFIG;TIMEOUT;RESULTS;ITERATIONS;FOR" "LABELS;OPTIONS;COMMAND")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "soak_add_test(${name}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 1800)
  endif()
  if(NOT arg_RESULTS)
    set(arg_RESULTS ${CMAKE_CURRENT_BINARY_DIR}/soak_results)
  endif()
  set(options --measurements ${arg_OPTIONS})
  if(arg_CONFIG)
    get_filename_component(config ${arg_CONFIG} ABSOLUTE)
    list(APPEND options --config ${config})
  endif()
  set(labels soak ${arg_LABELS})
  if(arg_COMMAND)
    soak_add_program_test()
  elseif(TARGET ${name})
    soak_discover_scenarios()
  else()
    message(FATAL_ERROR "soak_add_test(${name}): is no target; with COMMAND it would be a program")
  endif()
endfunction()

# The two kinds of test; they see the variables of soak_add_test.
macro(soak_add_program_test)
  foreach(option ITERATIONS FOR)
    if(arg_${option})
      string(TOLOWER ${option} spelling)
      list(APPEND options --${spelling}=${arg_${option}})
    endif()
  endforeach()
  add_test(NAME ${name} COMMAND soak::soak exec --name=${name} --results ${arg_RESULTS}/${name} ${options} --
                                ${arg_COMMAND})
  set_tests_properties(${name} PROPERTIES LABELS "${labels}" RESOURCE_LOCK soak TIMEOUT ${arg_TIMEOUT})
endmacro()

macro(soak_discover_scenarios)
  set(include_file ${CMAKE_CURRENT_BINARY_DIR}/${name}_soak_tests.cmake)
  file(GENERATE OUTPUT ${include_file} CONTENT
"set(soak_test_name [==[${name}]==])
set(soak_test_binary [==[$<TARGET_FILE:${name}>]==])
set(soak_test_command [==[$<TARGET_FILE:soak::soak>]==])
set(soak_test_results [==[${arg_RESULTS}]==])
set(soak_test_options [==[${options}]==])
set(soak_test_labels [==[${labels}]==])
set(soak_test_timeout [==[${arg_TIMEOUT}]==])
include([==[${SOAK_DISCOVER_SCRIPT}]==])
")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${include_file})
endmacro()
