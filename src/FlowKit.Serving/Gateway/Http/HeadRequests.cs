using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Answers HEAD as GET, without the body: load balancers and uptime checks ask so.</summary>
internal static class HeadRequests
{
    /// <summary>Adds itself; routing comes after it. The server, which knows what was asked, writes no body.</summary>
    public static void Use(IApplicationBuilder app) => app.UseWhen(
        context => HttpMethods.IsHead(context.Request.Method),
        heads => heads.Use((context, next) =>
        {
            context.Request.Method = HttpMethods.Get;
            return next(context);
        }));
}
