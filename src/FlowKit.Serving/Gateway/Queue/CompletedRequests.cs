using System.Text;
using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway.Queue;

/// <summary>
/// The ids of the requests that were done last, so that one which comes twice is done once. They lie in a file of the workspace too, a line
/// each, and are known again after a restart.
/// </summary>
internal sealed partial class CompletedRequests : IDisposable
{
    /// <summary>The number of ids that are known.</summary>
    public const int Capacity = 100_000;

    private readonly Lock _lock = new();
    private readonly Queue<string> _order = new();
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly ILogger _logger;
    private FileStream? _file;
    private int _lines;

    /// <param name="path">The file.</param>
    /// <param name="logger">Told of a file that cannot be used.</param>
    public CompletedRequests(string path, ILogger logger)
    {
        (_path, _logger) = (path, logger);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            foreach (var id in File.Exists(path) ? File.ReadLines(path) : [])
            {
                Remember(id);
            }

            Rewrite();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            GiveUp(exception);
        }
    }

    /// <summary>Tells whether a request was done.</summary>
    public bool Contains(string id)
    {
        lock (_lock)
        {
            return _known.Contains(id);
        }
    }

    /// <summary>Remembers a request that was done.</summary>
    public void Add(string id)
    {
        lock (_lock)
        {
            if (!Remember(id) || _file is null)
            {
                return;
            }

            try
            {
                _file.Write(Encoding.UTF8.GetBytes($"{id}\n"));
                _file.Flush();
                if (++_lines > 2 * Capacity)
                {
                    Rewrite();
                }
            }
            catch (IOException exception)
            {
                GiveUp(exception);
            }
        }
    }

    public void Dispose() => _file?.Dispose();

    private bool Remember(string id)
    {
        if (id.Length == 0 || !_known.Add(id))
        {
            return false;
        }

        _order.Enqueue(id);
        if (_order.Count > Capacity)
        {
            _known.Remove(_order.Dequeue());
        }

        return true;
    }

    private void Rewrite()
    {
        _file?.Dispose();
        _file = null;
        var next = $"{_path}.new";
        File.WriteAllLines(next, _order);
        File.Move(next, _path, overwrite: true);
        _lines = _order.Count;
        _file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    private void GiveUp(Exception exception)
    {
        _file?.Dispose();
        _file = null;
        Log.CannotRemember(_logger, _path, exception.Message);
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.QueueCannotRemember,
            LogLevel.Warning,
            "{File}: {Reason} Requests that come twice after a restart will be done twice.")]
        public static partial void CannotRemember(ILogger logger, string file, string reason);
    }
}
