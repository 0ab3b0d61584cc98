using System.Runtime.InteropServices;

namespace FlowKit.Orchestration.Devices;

public sealed class NativeVariableTests
{
    [Fact]
    public void A_variable_is_gone_for_native_libraries_too()
    {
        if (!OperatingSystem.IsWindows())
        {
            const string Name = "FLOWKIT_TEST_NATIVE_VARIABLE";
            Assert.Equal(0, Set(Name, "RR", 1));
            Assert.NotEqual(0, Get(Name));

            NativeVariable.Remove(Name);

            Assert.Equal(0, Get(Name));
        }
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi)]
    private static extern int Set([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);

    [DllImport("libc", EntryPoint = "getenv", CharSet = CharSet.Ansi)]
    private static extern nint Get([MarshalAs(UnmanagedType.LPUTF8Str)] string name);
}
