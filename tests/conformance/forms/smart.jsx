// Smart Forms: it has no button to submit with; its response is taken as it stands.
import { BaseRenderer, RendererThemeProvider, getResponse, useBuildForm, useRendererQueryClient } from "@aehrc/smart-forms-renderer";
import { QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";

function Form({ questionnaire }) {
  const building = useBuildForm({ questionnaire, terminologyServerUrl: location.origin });
  const queries = useRendererQueryClient();
  if (building) return null;
  return (
    <RendererThemeProvider>
      <QueryClientProvider client={queries}>
        <BaseRenderer />
      </QueryClientProvider>
    </RendererThemeProvider>
  );
}

window.response = getResponse;
window.show = (questionnaire) => createRoot(document.getElementById("form")).render(<Form questionnaire={questionnaire} />);
