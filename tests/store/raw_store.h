// Reaches below the door: writes what the store itself never would.
#ifndef SEMCACHED_TESTS_STORE_RAW_STORE_H_
#define SEMCACHED_TESTS_STORE_RAW_STORE_H_

#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <memory>
#include <string>
#include <vector>

#include "semcached/store/document_store.h"
#include "store/rocksdb_options.h"

namespace semcached {

// Opens a closed store's files by themselves.
class RawStore {
 public:
  explicit RawStore(const std::string& path) {
    const StoreOptions options{.path = path};
    rocksdb::DB* database = nullptr;
    const rocksdb::Status status =
        rocksdb::DB::Open(DatabaseOptions(options), path, ColumnFamilies(options, nullptr, nullptr),
                          &families_, &database);
    EXPECT_TRUE(status.ok()) << status.ToString();
    database_.reset(database);
  }
  ~RawStore() {
    for (auto* family : families_) {
      EXPECT_TRUE(database_->DestroyColumnFamilyHandle(family).ok());
    }
    EXPECT_TRUE(database_->Close().ok());
  }
  RawStore(const RawStore&) = delete;
  RawStore& operator=(const RawStore&) = delete;

  void Put(ColumnFamily family, const std::string& key, const std::string& value) {
    EXPECT_TRUE(database_->Put(rocksdb::WriteOptions(), families_[family], key, value).ok());
  }
  void Delete(ColumnFamily family, const std::string& key) {
    EXPECT_TRUE(database_->Delete(rocksdb::WriteOptions(), families_[family], key).ok());
  }
  std::string Get(ColumnFamily family, const std::string& key) {
    std::string value;
    EXPECT_TRUE(database_->Get(rocksdb::ReadOptions(), families_[family], key, &value).ok());
    return value;
  }
  // Table files of a family, full paths.
  std::vector<std::string> Tables(ColumnFamily family) {
    std::vector<rocksdb::LiveFileMetaData> files;
    database_->GetLiveFilesMetaData(&files);
    std::vector<std::string> paths;
    for (const auto& file : files) {
      if (file.column_family_name == families_[family]->GetName()) {
        paths.push_back(file.db_path + file.name);
      }
    }
    return paths;
  }

 private:
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
  std::unique_ptr<rocksdb::DB> database_;
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_STORE_RAW_STORE_H_
