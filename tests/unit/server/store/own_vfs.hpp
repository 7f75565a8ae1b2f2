#pragma once

#include <sqlite3.h>

namespace ringi::store {

// A copy of SQLite's own VFS for a test to change; connections opened while it lives use it.
class OwnVfs {
 public:
  OwnVfs() : vfs_(*sqlite3_vfs_find(nullptr)) {
    vfs_.zName = "own";
    sqlite3_vfs_register(&vfs_, 1);
  }
  ~OwnVfs() { sqlite3_vfs_unregister(&vfs_); }  // the true one is the default again
  OwnVfs(const OwnVfs&) = delete;
  OwnVfs& operator=(const OwnVfs&) = delete;

  sqlite3_vfs* operator->() { return &vfs_; }

 private:
  sqlite3_vfs vfs_;
};

}  // namespace ringi::store
