# The vocabulary of this build: flags, rooms, tests.

# Flags travel on one target. Third-party headers come in as SYSTEM and are not judged.
add_library(semcached_flags INTERFACE)
target_compile_features(semcached_flags INTERFACE cxx_std_20)
target_compile_options(semcached_flags INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  # GCC 12 sees overlapping copies in "literal" + string where there are none (its bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety -Wno-unknown-warning-option>
  $<$<BOOL:${SEMCACHED_WERROR}>:-Werror>
  # What is below tests/ need not be fast: a quarter of the time that it takes to compile.
  $<$<AND:$<CONFIG:Release>,$<PATH:IS_PREFIX,${PROJECT_SOURCE_DIR}/tests,$<TARGET_PROPERTY:SOURCE_DIR>>>:-O1>)
if(SEMCACHED_SANITIZE)
  target_compile_options(semcached_flags INTERFACE
    -fsanitize=${SEMCACHED_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(semcached_flags INTERFACE -fsanitize=${SEMCACHED_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC's null and flow warnings misfire on instrumented code.
    target_compile_options(semcached_flags INTERFACE
      -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-null-dereference -Wno-tsan)
  endif()
  # Tests, benches and programs are compiled without optimisation, and without the three checks of
  # every access, which would make most of their object code. The rooms and what fuzzing drives have
  # both; an inline function of a header may come from either side.
  set(above "")
  foreach(directory tests bench src/main)
    list(APPEND above
      $<PATH:IS_PREFIX,${PROJECT_SOURCE_DIR}/${directory},$<TARGET_PROPERTY:SOURCE_DIR>>)
  endforeach()
  list(JOIN above "," above)
  target_compile_options(semcached_flags INTERFACE $<$<NOT:$<OR:${above}>>:-O1>)
  if(SEMCACHED_SANITIZE MATCHES "undefined" AND NOT SEMCACHED_SANITIZE MATCHES "fuzzer")
    target_compile_options(semcached_flags INTERFACE
      # It looks through a pipe whether it may read an object, and takes a want of descriptors for no.
      -fno-sanitize=vptr
      $<$<OR:${above}>:-fno-sanitize=null,alignment,object-size>)
  endif()
endif()

# semcached_room(NAME SOURCES a.cc ... DEPS semcached::base ... USES third_party ...)
#
# One static library a room. DEPS are rooms that its door shows; USES stay inside.
function(semcached_room name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS;USES" ${ARGN})
  add_library(semcached_${name} STATIC ${arg_SOURCES})
  add_library(semcached::${name} ALIAS semcached_${name})
  target_include_directories(semcached_${name}
    PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/generated
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(semcached_${name} PUBLIC ${arg_DEPS} PRIVATE semcached_flags ${arg_USES})
endfunction()

# semcached_test(ROOM SOURCES a_test.cc ... DEPS ... [LABELS unit])
#
# One test binary a room, its cases found by CTest one by one.
function(semcached_test room)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;DEPS;LABELS" ${ARGN})
  add_executable(${room}_test ${arg_SOURCES})
  target_include_directories(${room}_test PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${room}_test PRIVATE
    semcached_flags ${arg_DEPS} GTest::gmock GTest::gtest_main)
  if(NOT arg_LABELS)
    set(arg_LABELS unit)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  gtest_discover_tests(${room}_test DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT ${arg_TIMEOUT})
  # Not among the properties above: of a list they keep the first element only.
  set(environment ${CMAKE_CURRENT_BINARY_DIR}/${room}_test_environment.cmake)
  file(WRITE ${environment} "if(${room}_test_TESTS)
  set_tests_properties(\${${room}_test_TESTS} PROPERTIES LABELS \"${arg_LABELS}\" ENVIRONMENT
    \"SEMCACHED_SOURCE_DIR=${PROJECT_SOURCE_DIR};SEMCACHED_MODEL_DIR=${SEMCACHED_MODEL_DIR};SEMCACHED_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}\")
endif()\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${environment})
endfunction()
