using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FlowKit.Clip.Tests;

/// <summary>A hub in Hugging Face's manner on this machine, with the faults of real ones.</summary>
internal sealed class LocalHub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _root;
    private int _cuts;

    private LocalHub(WebApplication app, string root) => (_app, _root) = (app, root);

    internal Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The paths of GET requests with their first byte.</summary>
    internal System.Collections.Concurrent.ConcurrentQueue<(string File, long From)> Requests { get; } = new();

    /// <summary>The revisions that were asked for.</summary>
    internal System.Collections.Concurrent.ConcurrentQueue<string> Revisions { get; } = new();

    /// <summary>The commit that every revision stands for.</summary>
    internal string Commit { get; set; } = "c0ffee";

    /// <summary>The address that redirects lead to; its own when empty.</summary>
    internal string Elsewhere { get; set; } = "";

    /// <summary>After so many bytes a connection is cut, as often as said.</summary>
    internal int CutAfter { get; set; }

    /// <summary>How often connections are cut.</summary>
    internal int Cuts { get => _cuts; set => _cuts = value; }

    /// <summary>Whether the hub knows ranges.</summary>
    internal bool KnowsRanges { get; set; } = true;

    /// <summary>A file whose stated hash is wrong.</summary>
    internal string? WrongHash { get; set; }

    /// <summary>A file that is longer than its HEAD says, and of unstated length when it is sent.</summary>
    internal string? TooLong { get; set; }

    /// <summary>A file that is answered with this status.</summary>
    internal (string File, int Status)? Refused { get; set; }

    /// <summary>Whether large files are sent from another address, with the hash in the first answer.</summary>
    internal bool Redirects { get; set; }

    internal static async Task<LocalHub> StartAsync(string root)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var app = builder.Build();
        var hub = new LocalHub(app, root);
        app.Run(hub.AnswerAsync);
        await app.StartAsync();
        return hub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var parts = path.Split("/resolve/");
        var name = parts.Length > 1 ? parts[1][(parts[1].IndexOf('/', StringComparison.Ordinal) + 1)..] : path["/cdn/".Length..];
        if (parts.Length > 1)
        {
            Revisions.Enqueue(parts[1].Split('/')[0]);
        }

        var file = Path.Combine(_root, name);
        if (Refused is { } refused && refused.File == name)
        {
            context.Response.StatusCode = refused.Status;
            return;
        }

        if (!File.Exists(file))
        {
            context.Response.StatusCode = 404;
            return;
        }

        var bytes = await File.ReadAllBytesAsync(file);
        var hash = WrongHash == name ? new string('a', 64) : Convert.ToHexStringLower(SHA256.HashData(bytes));
        context.Response.Headers["X-Repo-Commit"] = Commit;
        if (name.EndsWith(".onnx", StringComparison.Ordinal))
        {
            context.Response.Headers["X-Linked-Etag"] = $"\"{hash}\"";
            context.Response.Headers["X-Linked-Size"] = bytes.Length.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        context.Response.Headers.ETag = $"\"{hash[..16]}\"";
        if (Redirects && path.Contains("/resolve/", StringComparison.Ordinal))
        {
            context.Response.Redirect(Elsewhere + "/cdn/" + name);
            return;
        }

        await SendAsync(context, name, bytes);
    }

    private async Task SendAsync(HttpContext context, string name, byte[] bytes)
    {
        var from = KnowsRanges && context.Request.GetTypedHeaders().Range is { } range ? range.Ranges.First().From ?? 0 : 0;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.ContentLength = bytes.Length;
            return;
        }

        Requests.Enqueue((name, from));
        if (name == TooLong)
        {
            await context.Response.Body.WriteAsync(bytes);
            await context.Response.Body.WriteAsync(bytes);
            return;
        }

        if (from >= bytes.Length)
        {
            context.Response.StatusCode = 416;
            return;
        }

        context.Response.StatusCode = from > 0 ? 206 : 200;
        context.Response.Headers.ContentRange = from > 0 ? $"bytes {from}-{bytes.Length - 1}/{bytes.Length}" : default;
        context.Response.ContentLength = bytes.Length - from;
        if (CutAfter > 0 && bytes.Length - from > CutAfter && Interlocked.Decrement(ref _cuts) >= 0)
        {
            await context.Response.Body.WriteAsync(bytes.AsMemory((int)from, CutAfter));
            await context.Response.Body.FlushAsync();
            await Task.Delay(50);
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(bytes.AsMemory((int)from));
    }
}
