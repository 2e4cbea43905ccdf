# What is installed beside the programs (cmake/stages.cmake): pages, units, configuration.
install(FILES man/newsmq.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES man/newsmq.yaml.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES man/newsmqd.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES README.md LICENSE config/newsmq.yaml config/minimal.yaml
  DESTINATION ${CMAKE_INSTALL_DOCDIR})

include(cmake/units.cmake)

# A configuration that is there is the operator's. Without the right to write there, the
# rest is installed all the same.
install(CODE "
  set(etc \"${CMAKE_INSTALL_FULL_SYSCONFDIR}/newsmq\")
  execute_process(COMMAND \"${CMAKE_COMMAND}\" -E make_directory \"\$ENV{DESTDIR}\${etc}/conf.d\"
    RESULT_VARIABLE fault OUTPUT_QUIET ERROR_QUIET)
  if(fault)
    message(WARNING \"\${etc} cannot be written: no configuration is installed\")
  elseif(NOT EXISTS \"\$ENV{DESTDIR}\${etc}/newsmq.yaml\")
    file(INSTALL \"${PROJECT_SOURCE_DIR}/config/system.yaml\" DESTINATION \"\${etc}\" RENAME newsmq.yaml)
  endif()")
