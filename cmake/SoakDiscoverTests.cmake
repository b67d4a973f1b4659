# Run by ctest: makes a test of each scenario that a binary has. See soak_add_test.
if(NOT EXISTS ${soak_test_binary})
  add_test(${soak_test_name}_NOT_BUILT ${soak_test_binary})
  return()
endif()
execute_process(COMMAND ${soak_test_binary} --benchmark_list_tests=true
                OUTPUT_VARIABLE soak_scenarios ERROR_VARIABLE soak_errors RESULT_VARIABLE soak_status)
if(NOT soak_status EQUAL 0)
  message(FATAL_ERROR "${soak_test_binary}: could not list its scenarios: ${soak_errors}")
endif()
string(REPLACE "\n" ";" soak_scenarios "${soak_scenarios}")
foreach(soak_scenario IN LISTS soak_scenarios)
  if(soak_scenario STREQUAL "")
    continue()
  endif()
  # The name without what the run appends, as in benchmarks.toml.
  set(soak_identity ${soak_scenario})
  string(REGEX REPLACE "/(iterations|repeats|min_time|min_warmup_time):[^/]*" "" soak_identity ${soak_identity})
  string(REGEX REPLACE "/(real_time|process_time|manual_time)" "" soak_identity ${soak_identity})
  # A backslash before what is special in a regular expression; the class spares two of them, which CMake would take apart.
  string(REGEX REPLACE "([][+.*()^$?|\\])" "\\\\\\1" soak_filter ${soak_scenario})
  string(MAKE_C_IDENTIFIER ${soak_identity} soak_folder)
  add_test("${soak_test_name}.${soak_identity}" ${soak_test_command} run ${soak_test_binary}
           "--benchmark_filter=^${soak_filter}$" --results ${soak_test_results}/${soak_folder} ${soak_test_options})
  set_tests_properties("${soak_test_name}.${soak_identity}" PROPERTIES LABELS "${soak_test_labels}"
                       RESOURCE_LOCK soak TIMEOUT ${soak_test_timeout})
endforeach()
