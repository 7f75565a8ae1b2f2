// An archive needs a file: the precompiled headers are the point (precompiled.cmake).
