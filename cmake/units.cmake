# systemd's units, in both forms: with the paths of the build's own prefix in systemd/ of the
# build, and installed with those of the installation, which may be said only then (--prefix,
# cpack).
file(GLOB units RELATIVE ${PROJECT_SOURCE_DIR}/systemd CONFIGURE_DEPENDS systemd/*.service.in)
foreach(unit IN LISTS units)
  string(REGEX REPLACE "\\.in$" "" name ${unit})
  configure_file(systemd/${unit} systemd/${name} @ONLY)
  install(CODE "
    set(CMAKE_INSTALL_FULL_BINDIR \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
    set(CMAKE_INSTALL_FULL_SYSCONFDIR \"${CMAKE_INSTALL_FULL_SYSCONFDIR}\")
    configure_file(\"${PROJECT_SOURCE_DIR}/systemd/${unit}\"
                   \"${CMAKE_BINARY_DIR}/systemd/installed/${name}\" @ONLY)
    file(INSTALL \"${CMAKE_BINARY_DIR}/systemd/installed/${name}\"
         DESTINATION \"\${CMAKE_INSTALL_PREFIX}/lib/systemd/system\")")
endforeach()
configure_file(systemd/newsmq.target systemd/newsmq.target COPYONLY)
install(FILES systemd/newsmq.target DESTINATION lib/systemd/system)
install(FILES systemd/sysusers.conf DESTINATION lib/sysusers.d RENAME newsmq.conf)
install(FILES systemd/tmpfiles.conf DESTINATION lib/tmpfiles.d RENAME newsmq.conf)
