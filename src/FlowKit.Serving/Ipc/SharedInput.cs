using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace FlowKit.Serving.Ipc;

/// <summary>The memory that the other side writes. It is read like a file, so that nothing done to it can end this process.</summary>
internal sealed class SharedInput : IDisposable
{
    private readonly SafeFileHandle _file;

    private SharedInput(SafeFileHandle file) => _file = file;

    /// <summary>Opens it.</summary>
    /// <param name="process">The other side's process.</param>
    /// <param name="file">Its number there.</param>
    /// <returns><see langword="null"/> when it cannot be opened from here.</returns>
    public static SharedInput? TryOpen(int process, int file)
    {
        try
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fd/{file}");
            return new SharedInput(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            return null;
        }
    }

    /// <summary>Fills the target from its start.</summary>
    /// <exception cref="InvalidDataException">There is less in it.</exception>
    public void Read(Span<byte> target)
    {
        for (var at = 0; at < target.Length;)
        {
            at += RandomAccess.Read(_file, target[at..], at) is > 0 and var got
                ? got
                : throw new InvalidDataException($"only {at} of {target.Length} bytes are in shared memory");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
