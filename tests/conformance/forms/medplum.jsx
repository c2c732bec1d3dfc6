// Medplum's form: what it submits is the response; the client it wants is never asked anything.
import "@mantine/core/styles.css";
import "@medplum/react/styles.css";
import { MantineProvider } from "@mantine/core";
import { MedplumClient } from "@medplum/core";
import { MedplumProvider, QuestionnaireForm } from "@medplum/react";
import { createRoot } from "react-dom/client";
import { MemoryRouter } from "react-router";

const medplum = new MedplumClient({ baseUrl: location.origin, fetch: () => Promise.reject(new Error("a form needs no server")) });
let submitted;
window.response = () => submitted;
window.show = (questionnaire) =>
  createRoot(document.getElementById("form")).render(
    <MemoryRouter>
      <MedplumProvider medplum={medplum}>
        <MantineProvider>
          <QuestionnaireForm questionnaire={questionnaire} onSubmit={(response) => (submitted = response)} />
        </MantineProvider>
      </MedplumProvider>
    </MemoryRouter>,
  );
