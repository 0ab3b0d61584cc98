using FlowKit.Benchmarks.Runtime;
using FlowKit.Serving.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.Benchmarks;

/// <summary>R3: a flow of one no-op executor behind the gateway, and bare Kestrel that reads a body and sends the same bytes as the flow answers, in one process for a load generator outside.</summary>
internal static class HttpContenders
{
    private const string Yaml = """
        jtype: Flow
        executors: [{name: e0, uses: NoOp}]
        gateway: {port: 0}
        """;

    /// <summary>Serves both until standard input ends.</summary>
    public static async Task<int> ServeAsync()
    {
        await using var flow = await RuntimeFlow.StartAsync(Yaml, typeof(NoOp));
        await using var gateway = await GatewayHost.StartAsync(flow.Runtime, flow.Config, NullLoggerFactory.Instance, CancellationToken.None);
        await using var echo = await StartEchoAsync(await AnswerAsync(gateway.Address));
        Console.WriteLine($"flow {new Uri(gateway.Address, "/post")}");
        Console.WriteLine($"echo {new Uri(echo.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First())}");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>What the flow answers to the request that the load generator sends.</summary>
    private static async Task<byte[]> AnswerAsync(Uri gateway)
    {
        using var http = new HttpClient();
        using var response = await http.PostAsync(new Uri(gateway, "/post"), new StringContent("""{"data":[{"text":"a text of a few words"}]}""", System.Text.Encoding.UTF8, "application/json"));
        return await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
    }

    private static async Task<WebApplication> StartEchoAsync(byte[] answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(async context =>
        {
            var body = new byte[4096];
            while (await context.Request.Body.ReadAsync(body) > 0)
            {
            }

            context.Response.ContentType = "application/json";
            context.Response.ContentLength = answer.Length;
            await context.Response.BodyWriter.WriteAsync(answer);
        });
        await app.StartAsync();
        return app;
    }
}
