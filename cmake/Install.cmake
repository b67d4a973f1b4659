# What `cmake --install` puts where, and the Debian package that CPack makes of it.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(soak_cmake_folder ${CMAKE_INSTALL_LIBDIR}/cmake/soak)

install(TARGETS soak soak_probe soak_fixture soak_main EXPORT soakTargets
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/harness/include/soak DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${PROJECT_SOURCE_DIR}/harness/run/program/python/sitecustomize.py
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/soak/python)
install(FILES README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md")

install(EXPORT soakTargets NAMESPACE soak:: DESTINATION ${soak_cmake_folder})
configure_package_config_file(cmake/soakConfig.cmake.in ${PROJECT_BINARY_DIR}/soakConfig.cmake
                              INSTALL_DESTINATION ${soak_cmake_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/soakConfigVersion.cmake COMPATIBILITY SameMinorVersion)
configure_file(cmake/soak.pc.in ${PROJECT_BINARY_DIR}/soak.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/soakConfig.cmake ${PROJECT_BINARY_DIR}/soakConfigVersion.cmake
              cmake/SoakFunctions.cmake cmake/SoakDiscoverTests.cmake DESTINATION ${soak_cmake_folder})
install(FILES ${PROJECT_BINARY_DIR}/soak.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# The man page and the completions are written by the command itself, from the options it has.
set(soak_documents ${PROJECT_BINARY_DIR}/documents)
file(MAKE_DIRECTORY ${soak_documents})
foreach(document man bash zsh fish)
  add_custom_command(OUTPUT ${soak_documents}/${document} COMMAND soak document ${document} > ${soak_documents}/${document}
                     DEPENDS soak VERBATIM)
  list(APPEND soak_document_files ${soak_documents}/${document})
endforeach()
add_custom_target(soak_documents ALL DEPENDS ${soak_document_files})
install(FILES ${soak_documents}/man DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 RENAME soak.1)
install(FILES ${soak_documents}/bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME soak)
install(FILES ${soak_documents}/zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions RENAME _soak)
install(FILES ${soak_documents}/fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d RENAME soak.fish)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME soak)
set(CPACK_PACKAGE_CONTACT "the authors of soak")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES OFF)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
# The libraries that the command links are found by what it links; what building scenarios needs is named.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libbenchmark-dev (>= 1.7)")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "cmake, pkg-config")
include(CPack)
