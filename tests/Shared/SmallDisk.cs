using System.Diagnostics;
using System.Globalization;

namespace FlowKit.Tests;

/// <summary>A disk of its own, in memory, that is soon full; whoever may mount one has it.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flowkit-disk").FullName;

    public SmallDisk(int kilobytes) => Run("mount", "-t", "tmpfs", "-o", Size(kilobytes), "tmpfs", _folder);

    public string Path => _folder;

    /// <summary>Why there cannot be one here; null when there can.</summary>
    public static string? WhyMissing { get; } = Try();

    public string At(string name) => System.IO.Path.Combine(_folder, name);

    /// <summary>Gives it another size.</summary>
    public void Resize(int kilobytes) => Run("mount", "-o", $"remount,{Size(kilobytes)}", _folder);

    /// <summary>Lets nothing be written any more, or again.</summary>
    public void Protect(bool isReadOnly) => Run("mount", "-o", isReadOnly ? "remount,ro" : "remount,rw", _folder);

    /// <summary>Takes all the room that is left, until the returned file is deleted.</summary>
    public string Fill()
    {
        var path = At("filler");
        using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var bytes = new byte[4096];
        try
        {
            while (true)
            {
                stream.Write(bytes);
            }
        }
        catch (IOException)
        {
            return path;
        }
    }

    public void Dispose()
    {
        Run("umount", "-l", _folder);
        Directory.Delete(_folder);
    }

    private static string Size(int kilobytes) => string.Create(CultureInfo.InvariantCulture, $"size={kilobytes}k");

    private static string? Try()
    {
        try
        {
            new SmallDisk(64).Dispose();
            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"A small disk cannot be mounted here, which takes Linux and its root: {exception.Message}";
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error.Trim()}");
        }
    }
}
