using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace FlowKit.Clip.Models.Hub;

/// <summary>
/// Pulls one file: goes on where it was cut off, and lets nothing stand under the file's name that is not whole and right.
/// </summary>
internal sealed class FilePull(HubClient hub, TimeProvider time, Action<ClipPullProgress> report)
{
    private const int Tries = 6;
    private const int BufferSize = 1 << 17;
    private const int ReportEvery = 1 << 20;

    /// <summary>No graph or tokenizer is longer; what does not say how long it is must end somewhere.</summary>
    private const long MaxBytes = 1L << 36;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    /// <summary>Pulls a file.</summary>
    /// <param name="file">The file's properties on the hub.</param>
    /// <param name="name">Its name, for a person.</param>
    /// <param name="target">The path to write.</param>
    /// <param name="expected">The SHA-256 that it must have, besides the hub's own.</param>
    /// <param name="cancellationToken">Gives up; what has come so far stays for the next time.</param>
    /// <returns>Its SHA-256.</returns>
    /// <exception cref="FlowKitException">
    /// The hub refuses or is cut off too often, the content is another one, or it cannot be written.
    /// </exception>
    internal async Task<string> RunAsync(HubFile file, string name, string target, string? expected, CancellationToken cancellationToken)
    {
        var part = PartOf(target, file.Tag);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            CheckRoom(file, target, part);
            await FetchAsync(file, name, part, cancellationToken);
            var hash = await HashAsync(part, cancellationToken);
            if ((expected ?? file.Sha256) is { } right && !hash.Equals(right, StringComparison.OrdinalIgnoreCase))
            {
                File.Delete(part);
                throw new FlowKitException(
                    FlowErrorCode.DataLoss,
                    $"The file {name} from {file.Address} has SHA-256 {hash}; expected {right}. It was thrown away;"
                    + " pull again, or ask the hub's keeper if it stays so.");
            }

            File.Move(part, target, overwrite: true);
            return hash;
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            throw new FlowKitException(
                FlowErrorCode.ResourceExhausted,
                $"The file {target} cannot be written: {exception.Message}. What has come so far is kept;"
                + " the next pull goes on from there.",
                exception);
        }
    }

    /// <summary>The SHA-256 of a file.</summary>
    internal static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read,
            BufferSize,
            FileOptions.SequentialScan | FileOptions.Asynchronous);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }

    /// <summary>Another content gets another part: what two downloads began never mixes.</summary>
    private static string PartOf(string target, string tag) =>
        $"{target}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tag)).AsSpan(0, 4))}.part";

    private static void CheckRoom(HubFile file, string target, string part)
    {
        var missing = (file.Bytes ?? 0) - (File.Exists(part) ? new FileInfo(part).Length : 0);
        var room = new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(target))!).AvailableFreeSpace;
        if (missing > room)
        {
            throw new IOException($"it needs {missing >> 20} MiB, and there are {room >> 20} MiB free");
        }
    }

    private async Task FetchAsync(HubFile file, string name, string part, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var before = Length(part);
            try
            {
                if (await FetchOnceAsync(file, name, part, cancellationToken))
                {
                    return;
                }
            }
            catch (Exception exception)
                when (exception is HttpIOException or HttpRequestException or FlowKitException { Error.Code: FlowErrorCode.Unavailable })
            {
                if (attempt >= Tries)
                {
                    throw new FlowKitException(
                        FlowErrorCode.Unavailable,
                        $"The file {name} was cut off {attempt} times, last with: {exception.Message}. {Length(part)} bytes are kept;"
                        + " the next pull goes on from there.",
                        exception);
                }
            }

            // As long as something comes each time it goes on.
            attempt = Length(part) > before ? 0 : attempt;
            await Task.Delay(
                FirstPause * Math.Pow(2, attempt) is var pause && pause < MaxPause ? pause : MaxPause,
                time,
                cancellationToken);
        }
    }

    /// <returns>Whether the whole file is here.</returns>
    private async Task<bool> FetchOnceAsync(HubFile file, string name, string part, CancellationToken cancellationToken)
    {
        var here = Length(part);
        if (file.Bytes is { } whole && here == whole)
        {
            return true;
        }

        using var answer = await hub.GetAsync(file, here, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // What is here is as long as the file or longer; which of them shows by its hash when the length is not known.
            if (file.Bytes is null && file.Sha256 is { } hash && await HashAsync(part, cancellationToken) == hash)
            {
                return true;
            }

            File.Delete(part);
            return false;
        }

        if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
        {
            throw HubClient.Refused(file.Address, answer.StatusCode, name);
        }

        // A hub that does not know ranges sends all of it again.
        var from = answer.StatusCode == HttpStatusCode.PartialContent ? answer.Content.Headers.ContentRange?.From ?? here : 0;
        var total = file.Bytes ?? from + (answer.Content.Headers.ContentLength ?? 0);
        await using var output = new FileStream(
            part,
            FileMode.OpenOrCreate,
            FileAccess.Write,
            FileShare.None,
            BufferSize,
            FileOptions.Asynchronous);
        output.SetLength(Math.Min(output.Length, from));
        output.Seek(from, SeekOrigin.Begin);
        await CopyAsync(answer, output, name, total, cancellationToken);
        return output.Position >= total || total == 0;
    }

    private async Task CopyAsync(
        HttpResponseMessage answer,
        FileStream output,
        string name,
        long total,
        CancellationToken cancellationToken)
    {
        await using var input = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[BufferSize];
        var reported = output.Position;
        report(new ClipPullProgress(name, output.Position, total));
        int read;
        while ((read = await ReadAsync(input, buffer, cancellationToken)) > 0)
        {
            if (output.Position + read > (total > 0 ? total : MaxBytes))
            {
                throw TooLong(name, total);
            }

            await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            if (output.Position - reported >= ReportEvery)
            {
                report(new ClipPullProgress(name, reported = output.Position, total));
            }
        }

        await output.FlushAsync(cancellationToken);
        RandomAccess.FlushToDisk(output.SafeFileHandle);
        report(new ClipPullProgress(name, output.Position, total));
    }

    private static FlowKitException TooLong(string name, long total) => new(
        FlowErrorCode.DataLoss,
        total > 0 ? $"The hub says that {name} has {total} bytes, and sends more." : $"The hub sends more than {MaxBytes >> 30} GiB as {name}.");

    /// <summary>
    /// Reads from the connection; its failures become <see cref="HttpRequestException"/>, to tell them from those of the disk.
    /// </summary>
    private static async ValueTask<int> ReadAsync(Stream input, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await input.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException exception) when (exception is not HttpIOException)
        {
            throw new HttpRequestException(exception.Message, exception);
        }
    }

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
}
