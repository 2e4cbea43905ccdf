# `cpack` makes newsmq_*.deb, newsmq-dev_*.deb and the debug symbols beside them. Paths are
# those of Debian, whatever the build was configured for.
set(CPACK_GENERATOR DEB)
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
    GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PACKAGE_NAME newsmq)
set(CPACK_PACKAGE_VENDOR "the newsmq authors")
set(CPACK_PACKAGE_CONTACT "the newsmq authors <newsmq@example.org>" CACHE STRING
    "who is asked about the packages")
set(CPACK_COMPONENTS_ALL runtime dev)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/package_files.cmake)
set(CPACK_NEWSMQ_SOURCE ${PROJECT_SOURCE_DIR})
set(CPACK_NEWSMQ_MULTIARCH ${CMAKE_LIBRARY_ARCHITECTURE})
set(CPACK_THREADS 0)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1 CACHE STRING "the last part of a package's version")
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(debian ${PROJECT_SOURCE_DIR}/packaging/debian)

set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME newsmq)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION net)
set(CPACK_DEBIAN_RUNTIME_DESCRIPTION
"news feeds in, records with the names in them out
newsmq polls news feeds (RSS, Atom, JSON Feed), finds the people, organisations
and places in every item, and writes each enriched record as a line of JSON.
It is a message queue with its ends built in: items go over ZeroMQ to worker
processes, records go to files and to anybody who subscribes, and nothing is
lost when any of its processes is killed.")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS
    "systemd | systemd-standalone-sysusers | systemd-sysusers, ca-certificates")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SUGGESTS "bash-completion, python3-zmq, jq, zstd")
set(CPACK_DEBIAN_RUNTIME_DEBUGINFO_PACKAGE ON)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA
    ${debian}/postinst ${debian}/prerm ${debian}/postrm ${debian}/conffiles)

set(CPACK_DEBIAN_DEV_PACKAGE_NAME newsmq-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_DESCRIPTION
"workers for newsmq in C: headers and a static library
newsmq polls news feeds and hands every item to worker processes. This package
has what a worker or an extractor of one's own is written with: the library
that newsmq's own programs are made of, its headers, a pkg-config file and
examples.")
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
    "libzmq3-dev, libyaml-dev, libxml2-dev, libjansson-dev, libxxhash-dev, libutf8proc-dev, libssl-dev, libseccomp-dev")
include(CPack)
