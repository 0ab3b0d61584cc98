using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>Looks at the files of the gateway's secrets: only the user who runs the flow should be able to read them.</summary>
internal static partial class SecretFile
{
    private const UnixFileMode OfOthers = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    // A group is often meant, such as Debian's ssl-cert for keys of root; in one's own files hardly ever.
    private const UnixFileMode OfGroup = UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>Warns of a file that others can read or write.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">The key that names it.</param>
    /// <param name="logger">Told of it.</param>
    public static void WarnWhenOpen(string path, string key, ILogger logger)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            var file = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            var forbidden = UnixFile.StatusOf(file) is { IsOwn: true } ? OfOthers | OfGroup : OfOthers;
            var mode = File.GetUnixFileMode(file);
            if ((mode & forbidden) != 0)
            {
                Log.IsOpen(logger, key, path, Convert.ToString((int)mode, 8).PadLeft(4, '0'));
            }
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            // One that cannot be read is told by who reads it.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.SecretOpenToOthers,
            LogLevel.Warning,
            "gateway.{Key}: other users of this machine can read or write the file {Path} (mode {Mode}); chmod 600 keeps it to you")]
        public static partial void IsOpen(ILogger logger, string key, string path, string mode);
    }
}
