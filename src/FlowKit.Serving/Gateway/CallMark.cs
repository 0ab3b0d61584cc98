using System.Collections.Concurrent;
using System.Diagnostics;
using FlowKit.Runtime.Executors.Calls;
using Microsoft.AspNetCore.Builder;

namespace FlowKit.Serving.Gateway;

/// <summary>
/// Carries the mark of the calling executor over HTTP and gRPC to a gateway of the same process, and nowhere else: as a header that is
/// added to requests to the gateway's own addresses. The base class library tells of every request before it is sent.
/// </summary>
internal sealed class CallMark : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private const string Header = "X-FlowKit-Calling";
    private const string Listener = "HttpHandlerDiagnosticListener";
    private const string Starts = "System.Net.Http.HttpRequestOut.Start";

    private static readonly ConcurrentDictionary<int, int> s_ports = new();
    private static readonly Lazy<IDisposable> s_subscription = new(() => DiagnosticListener.AllListeners.Subscribe(new CallMark()));

    private CallMark()
    {
    }

    /// <summary>Marks requests to these addresses from now on.</summary>
    /// <returns>What ends it.</returns>
    public static IDisposable AddTo(IEnumerable<Uri> addresses)
    {
        var ports = addresses.Where(address => address.Port > 0).Select(address => address.Port).ToList();
        ports.ForEach(port => s_ports.AddOrUpdate(port, 1, static (_, count) => count + 1));
        _ = s_subscription.Value;
        return new Registration(ports);
    }

    /// <summary>Takes the mark of a request that comes in; what is made of it has the mark too.</summary>
    public static void Use(IApplicationBuilder app) => app.UseWhen(
        static context => context.Request.Headers.ContainsKey(Header),
        static branch => branch.Use(static (context, next) =>
        {
            CallingExecutor.Mark = context.Request.Headers[Header].ToString();
            return next(context);
        }));

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == Listener)
        {
            value.Subscribe(this, IsWanted);
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key == Starts && value.Value?.GetType().GetProperty("Request")?.GetValue(value.Value) is HttpRequestMessage request)
        {
            Mark(request);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    /// <summary>
    /// Asked before each request, with it where no activity runs; where one does, the event has it. Outside executors nothing is wanted.
    /// </summary>
    private static bool IsWanted(string name, object? request, object? other)
    {
        if (CallingExecutor.Mark is null)
        {
            return false;
        }

        if (request is HttpRequestMessage message)
        {
            Mark(message);
            return false;
        }

        return name == Starts;
    }

    private static void Mark(HttpRequestMessage request)
    {
        if (request.RequestUri is { IsAbsoluteUri: true, IsLoopback: true } address && s_ports.ContainsKey(address.Port)
            && !request.Headers.Contains(Header))
        {
            request.Headers.TryAddWithoutValidation(Header, CallingExecutor.Mark);
        }
    }

    /// <summary>The ports of a gateway while it listens.</summary>
    private sealed class Registration(List<int> ports) : IDisposable
    {
        public void Dispose() => ports.ForEach(port =>
        {
            if (s_ports.AddOrUpdate(port, 0, static (_, count) => count - 1) <= 0)
            {
                s_ports.TryRemove(new KeyValuePair<int, int>(port, 0));
            }
        });
    }
}
