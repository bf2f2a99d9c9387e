namespace EtcdMaint;

/// <summary>The texts of warnings that both the cmdlets and the engine write.</summary>
internal static class NamedWarnings
{
    /// <param name="secret">What is sent, for example <c>the password of the user 'root'</c>.</param>
    /// <param name="where">The address to which it is sent.</param>
    public static string CredentialInClearText(string secret, string where) =>
        $"CredentialInClearText: {secret} is sent to {where} without TLS, so anyone on the network path "
        + "can read it. Use https://.";
}
