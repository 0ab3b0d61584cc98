using System.Diagnostics;

namespace FlowKit.Clip.Tests;

/// <summary>The native libraries that a program runs with, of which an older build or the system may have others.</summary>
public sealed class NativeLibraryTests
{
    [Theory]
    [InlineData("onnxruntime")]
    [InlineData("vips")]
    public void They_are_those_of_the_packages(string name)
    {
        Pictures.Model.EncodeImages([new ReadOnlyMemory<byte>(File.ReadAllBytes(Pictures.At("red-apple")))]);

        var loaded = Process.GetCurrentProcess().Modules.Cast<ProcessModule>().Select(static module => module.FileName)
            .Where(file => Path.GetFileName(file).Replace("lib", "", StringComparison.Ordinal).StartsWith(name, StringComparison.Ordinal))
            .Distinct().ToList();

        var folder = Path.Combine(AppContext.BaseDirectory, "runtimes");
        Assert.NotEmpty(loaded);
        Assert.All(loaded, file => Assert.StartsWith(folder, file, StringComparison.Ordinal));
    }
}
