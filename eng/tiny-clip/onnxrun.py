"""Runs an ONNX file in ONNX Runtime through its C interface, with ctypes and no further package.

The library is taken from $TINY_CLIP_ONNXRUNTIME, else from what `./flowkit` built.
"""
import ctypes
import os
import platform
from pathlib import Path

import numpy as np

from common import REPOSITORY

_ARCHITECTURE = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
_DEFAULT = REPOSITORY / f"artifacts/bin/FlowKit.Cli/release/runtimes/linux-{_ARCHITECTURE}/native/libonnxruntime.so"
# Places in the OrtApi table, which only ever grows at its end.
_TABLE = {"GetErrorMessage": 2, "CreateEnv": 3, "CreateSession": 7, "Run": 9, "CreateSessionOptions": 10,
          "SetIntraOpNumThreads": 24, "CreateTensorWithDataAsOrtValue": 49, "GetTensorMutableData": 51,
          "GetDimensionsCount": 61, "GetDimensions": 62, "GetTensorTypeAndShape": 65, "CreateCpuMemoryInfo": 69,
          "ReleaseStatus": 93, "ReleaseValue": 96, "ReleaseTensorTypeAndShapeInfo": 99}
_API_VERSION = 16
_TYPES = {np.dtype(np.float32): 1, np.dtype(np.int64): 7}
_P = ctypes.c_void_p


def library_path():
    """Where ONNX Runtime's library should be."""
    return Path(os.environ.get("TINY_CLIP_ONNXRUNTIME", _DEFAULT))


class _Base(ctypes.Structure):
    _fields_ = [("get_api", ctypes.CFUNCTYPE(_P, ctypes.c_uint32)), ("version", ctypes.CFUNCTYPE(ctypes.c_char_p))]


class Runtime:
    """The loaded library with one environment."""

    def __init__(self, threads=1):
        library = ctypes.CDLL(str(library_path()))
        library.OrtGetApiBase.restype = ctypes.POINTER(_Base)
        base = library.OrtGetApiBase().contents
        self.version = base.version().decode()
        self.table = ctypes.cast(base.get_api(_API_VERSION), ctypes.POINTER(_P))
        self.environment, self.memory, self.options = _P(), _P(), _P()
        self.call("CreateEnv", 3, b"tiny-clip", ctypes.byref(self.environment))
        self.call("CreateCpuMemoryInfo", 0, 0, ctypes.byref(self.memory))
        self.call("CreateSessionOptions", ctypes.byref(self.options))
        self.call("SetIntraOpNumThreads", self.options, threads)

    def release(self, name, value):
        """Calls a Release function."""
        ctypes.CFUNCTYPE(None, _P)(self.table[_TABLE[name]])(value)

    def call(self, name, *arguments):
        """Calls a function that returns a status; raises when it is an error."""
        types = [ctypes.c_int if isinstance(a, int) else ctypes.c_char_p if isinstance(a, bytes) else _P for a in arguments]
        values = [ctypes.cast(a, _P) if t is _P and not isinstance(a, _P) else a for a, t in zip(arguments, types)]
        status = ctypes.CFUNCTYPE(_P, *types)(self.table[_TABLE[name]])(*values)
        if status:
            message = ctypes.CFUNCTYPE(ctypes.c_char_p, _P)(self.table[_TABLE["GetErrorMessage"]])(status).decode()
            self.release("ReleaseStatus", status)
            raise RuntimeError(f"{name}: {message}")


class Session:
    """One model with one output and one or several inputs."""

    def __init__(self, runtime, path, input_names, output_name):
        self.runtime, self.session = runtime, _P()
        inputs = (input_names,) if isinstance(input_names, str) else input_names
        self.inputs = (ctypes.c_char_p * len(inputs))(*[name.encode() for name in inputs])
        self.output = (ctypes.c_char_p * 1)(output_name.encode())
        runtime.call("CreateSession", runtime.environment, str(path).encode(), runtime.options, ctypes.byref(self.session))

    def _value(self, array):
        """A tensor over the array's own memory."""
        shape, value = (ctypes.c_int64 * array.ndim)(*array.shape), _P()
        create = ctypes.CFUNCTYPE(_P, _P, _P, ctypes.c_size_t, _P, ctypes.c_size_t, ctypes.c_int, _P)
        create(self.runtime.table[_TABLE["CreateTensorWithDataAsOrtValue"]])(
            self.runtime.memory, array.ctypes.data, array.nbytes, ctypes.cast(shape, _P), array.ndim,
            _TYPES[array.dtype], ctypes.cast(ctypes.byref(value), _P))
        return value

    def run(self, *arrays):
        """The output for the input arrays (float32 or int64), in the order of their names."""
        arrays = [np.ascontiguousarray(array) for array in arrays]
        inputs = (_P * len(arrays))(*[self._value(array) for array in arrays])
        out, info = _P(), _P()
        run = ctypes.CFUNCTYPE(_P, _P, _P, _P, _P, ctypes.c_size_t, _P, ctypes.c_size_t, _P)
        status = run(self.runtime.table[_TABLE["Run"]])(
            self.session, None, ctypes.cast(self.inputs, _P), ctypes.cast(inputs, _P), len(arrays),
            ctypes.cast(self.output, _P), 1, ctypes.cast(ctypes.byref(out), _P))
        if status:
            message = ctypes.CFUNCTYPE(ctypes.c_char_p, _P)(self.runtime.table[_TABLE["GetErrorMessage"]])(status)
            raise RuntimeError(message.decode())
        count, data = ctypes.c_size_t(), _P()
        self.runtime.call("GetTensorTypeAndShape", out, ctypes.byref(info))
        self.runtime.call("GetDimensionsCount", info, ctypes.byref(count))
        sizes = (ctypes.c_int64 * count.value)()
        dimensions = ctypes.CFUNCTYPE(_P, _P, _P, ctypes.c_size_t)
        dimensions(self.runtime.table[_TABLE["GetDimensions"]])(info, ctypes.cast(sizes, _P), count.value)
        self.runtime.call("GetTensorMutableData", out, ctypes.byref(data))
        total = int(np.prod(list(sizes)))
        result = np.ctypeslib.as_array(ctypes.cast(data, ctypes.POINTER(ctypes.c_float)), (total,)).copy()
        self.runtime.release("ReleaseTensorTypeAndShapeInfo", info)
        for value in [*inputs, out]:
            self.runtime.release("ReleaseValue", value)
        return result.reshape(list(sizes))
