# What is installed beside the programs (cmake/stages.cmake): pages, units, completions,
# configuration; and `ninja uninstall`.
file(GLOB man_pages CONFIGURE_DEPENDS man/*.[1-8])
foreach(page IN LISTS man_pages)
  string(REGEX MATCH "[1-8]$" section ${page})
  install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES README.md LICENSE config/newsmq.yaml config/minimal.yaml
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES config/prometheus/newsmq.rules.yml config/grafana/newsmq.json
  DESTINATION ${CMAKE_INSTALL_DATADIR}/newsmq/monitoring)
install(DIRECTORY examples/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples
  FILES_MATCHING PATTERN "*.py" PATTERN "*.mjs")

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

# What each shell completes is written by `newsmq completions` from the help texts.
foreach(shell IN ITEMS bash zsh fish)
  add_custom_command(OUTPUT completions/newsmq.${shell}
    COMMAND newsmq completions ${shell} > completions/newsmq.${shell}
    DEPENDS newsmq VERBATIM)
  list(APPEND completions ${CMAKE_BINARY_DIR}/completions/newsmq.${shell})
endforeach()
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/completions)
add_custom_target(completions ALL DEPENDS ${completions})
install(FILES ${CMAKE_BINARY_DIR}/completions/newsmq.bash RENAME newsmq
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${CMAKE_BINARY_DIR}/completions/newsmq.zsh RENAME _newsmq
  DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${CMAKE_BINARY_DIR}/completions/newsmq.fish RENAME newsmq.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

# For workers in C: layers 0 to 2 without the store, and the extractors, as one static
# library. Static, since nothing of it is promised to stay as it is: a worker is built with
# the headers of the library it holds, and speaks NMQ1, which does stay, to the hub.
foreach(part IN ITEMS base data os config bus tagger extract)
  list(APPEND parts $<TARGET_OBJECTS:newsmq_${part}>)
endforeach()
add_library(newsmq_dev STATIC ${parts})
set_target_properties(newsmq_dev PROPERTIES OUTPUT_NAME newsmq LINKER_LANGUAGE C)
install(TARGETS newsmq_dev ARCHIVE DESTINATION lib COMPONENT dev)
set(headers bus clock date err extractor hash item json log mem nmq1 os record startup str text tokens url)
foreach(round RANGE 3) # and what these include
  set(found ${headers})
  foreach(header IN LISTS found)
    file(STRINGS include/newsmq/${header}.h lines REGEX "^#include \"newsmq/")
    foreach(line IN LISTS lines)
      string(REGEX REPLACE "^#include \"newsmq/([a-z0-9_]+)\\.h\".*" "\\1" more "${line}")
      list(APPEND headers ${more})
    endforeach()
  endforeach()
  list(REMOVE_DUPLICATES headers)
endforeach()
foreach(header IN LISTS headers)
  install(FILES include/newsmq/${header}.h DESTINATION include/newsmq COMPONENT dev)
endforeach()
configure_file(packaging/newsmq.pc.in newsmq.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/newsmq.pc DESTINATION lib/pkgconfig COMPONENT dev)
install(DIRECTORY examples/ DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/newsmq-dev/examples COMPONENT dev
  FILES_MATCHING PATTERN "*.c")

add_custom_target(uninstall
  COMMAND ${CMAKE_COMMAND} -D MANIFEST=${CMAKE_BINARY_DIR}/install_manifest.txt
          -D CONFIG=${PROJECT_SOURCE_DIR}/config/system.yaml
          -P ${PROJECT_SOURCE_DIR}/cmake/uninstall.cmake VERBATIM)
