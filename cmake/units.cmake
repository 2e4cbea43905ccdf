# systemd's units, in both forms: with the paths of this installation in systemd/ of the
# build, from where they are installed.
file(GLOB units RELATIVE ${PROJECT_SOURCE_DIR}/systemd CONFIGURE_DEPENDS systemd/*.service.in)
foreach(unit IN LISTS units)
  string(REGEX REPLACE "\\.in$" "" name ${unit})
  configure_file(systemd/${unit} systemd/${name} @ONLY)
  install(FILES ${CMAKE_BINARY_DIR}/systemd/${name} DESTINATION lib/systemd/system)
endforeach()
configure_file(systemd/newsmq.target systemd/newsmq.target COPYONLY)
install(FILES systemd/newsmq.target DESTINATION lib/systemd/system)
install(FILES systemd/sysusers.conf DESTINATION lib/sysusers.d RENAME newsmq.conf)
install(FILES systemd/tmpfiles.conf DESTINATION lib/tmpfiles.d RENAME newsmq.conf)
