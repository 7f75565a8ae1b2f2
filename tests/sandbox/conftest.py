"""Here so that pytest puts this folder on sys.path: the package `sandbox` lies beside."""
