using System.Buffers;
using System.Globalization;
using System.Text;
using FlowKit.Configuration.Gateway;
using FlowKit.Serving.Gateway.Http;
using FlowKit.Serving.Gateway.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FlowKit.Serving.Gateway.Logs;

/// <summary>
/// <c>GET /admin/logs</c>: the last lines of the log as server-sent events, and those to come where they are asked for, until the caller
/// goes, its key is taken away or the gateway stops. A log tells of others' requests: only the scope admin reads it.
/// </summary>
/// <param name="tail">The lines.</param>
/// <param name="time">Time.</param>
internal sealed class LogsRoute(LogTail tail, TimeProvider time) : IGatewayRoutes
{
    /// <summary>The path.</summary>
    public const string Path = "/admin/logs";

    /// <summary>The number that follow at once.</summary>
    public const int MaxFollowers = 16;

    /// <summary>A way on which nothing comes is closed by what lies between; a caller that is gone is noticed by it.</summary>
    private static readonly TimeSpan s_sign = TimeSpan.FromSeconds(15);

    private int _followers;

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        var stopping = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        routes.MapGet(Path, context => AnswerAsync(context, stopping))
            .WithMetadata(new RequiredScope(ApiKeyScopes.Admin))
            .ExcludeFromDescription();
    }

    private async Task AnswerAsync(HttpContext context, CancellationToken stopping)
    {
        var filter = LogFilter.Read(context.Request.Query, time.GetUtcNow());
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            if (Interlocked.Increment(ref _followers) > MaxFollowers)
            {
                throw new FlowKitException(new FlowError(
                    FlowErrorCode.ResourceExhausted, $"{MaxFollowers} callers follow the log of this flow already.")
                { RetryAfter = s_sign });
            }

            await TellAsync(context, filter, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The caller has gone, or the gateway stops.
        }
        finally
        {
            Interlocked.Decrement(ref _followers);
        }
    }

    private async Task TellAsync(HttpContext context, LogFilter filter, CancellationToken cancellationToken)
    {
        EventStream.Begin(context.Response);
        var next = 0L;
        do
        {
            var (lines, after) = tail.From(next);
            if (next > 0 && lines is [var first, ..] && first.Number > next)
            {
                Write(context.Response, "lost", $$"""{"lost":{{(first.Number - next).ToString(CultureInfo.InvariantCulture)}}}""");
            }

            foreach (var line in lines.Where(filter.Takes))
            {
                Write(context.Response, "log", line.ToJson());
            }

            next = after;
            await context.Response.BodyWriter.FlushAsync(cancellationToken);
        }
        while (filter.Follow && await WaitAsync(context, next, cancellationToken));
    }

    private async Task<bool> WaitAsync(HttpContext context, long next, CancellationToken cancellationToken)
    {
        var more = tail.WaitForAsync(next);
        while (Caller.Of(context) is not { IsWithdrawn: true })
        {
            try
            {
                await more.WaitAsync(s_sign, time, cancellationToken);
                return true;
            }
            catch (TimeoutException)
            {
                context.Response.BodyWriter.Write(":\n\n"u8);
                await context.Response.BodyWriter.FlushAsync(cancellationToken);
            }
        }

        return false;
    }

    private static void Write(HttpResponse response, string name, string json) =>
        response.BodyWriter.Write(Encoding.UTF8.GetBytes($"event: {name}\ndata: {json}\n\n"));
}
