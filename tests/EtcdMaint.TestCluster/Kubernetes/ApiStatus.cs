using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace EtcdMaint.TestCluster.Kubernetes;

/// <summary>The object with which an API server refuses a request.</summary>
internal static class ApiStatus
{
    public static JsonObject Failure(int code, string reason, string message) =>
        new()
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = message,
            ["reason"] = reason,
            ["code"] = code,
        };

    public static async Task WriteAsync(HttpContext context, int code, string message)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(Failure(code, Reason(code), message).ToJsonString());
    }

    private static string Reason(int code) =>
        code switch
        {
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "NotFound",
            409 => "Conflict",
            410 => "Expired",
            429 => "TooManyRequests",
            _ => "InternalError",
        };
}
