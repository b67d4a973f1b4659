# Writes OUTPUT, a C++ file that defines NAMESPACE::NAME, a std::string_view, for each of PARTS: NAME=FILE|FILE|..., the
# files one after the other. Called with cmake -P at build time, so that an edit of a part is a rebuild of this alone.
cmake_policy(SET CMP0007 NEW)
set(source "#include <string_view>\n\nnamespace ${NAMESPACE} {\n")
string(REPLACE "," ";" PARTS "${PARTS}")
foreach(part IN LISTS PARTS)
  string(REGEX MATCH "^([^=]+)=(.*)$" matched "${part}")
  set(name ${CMAKE_MATCH_1})
  string(REPLACE "|" ";" files "${CMAKE_MATCH_2}")
  string(APPEND source "extern const std::string_view ${name};\nconst std::string_view ${name} =\n")
  foreach(file IN LISTS files)
    file(READ "${file}" text)
    # A browser would look for the source map beside the page.
    string(REGEX REPLACE "//# sourceMappingURL=[^\n]*" "" text "${text}")
    string(APPEND source "    R\"soak_part(${text})soak_part\"\n")
  endforeach()
  string(APPEND source "    ;\n")
endforeach()
file(WRITE "${OUTPUT}" "${source}}  // namespace ${NAMESPACE}\n")
